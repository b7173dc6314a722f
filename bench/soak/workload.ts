import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Ledger } from './ledger.js';

type Operation = (dataSource: DataSource) => Promise<void>;

const rows = 1_000;
const anyId = (): number => 1 + Math.floor(Math.random() * rows);

const read: Operation = async (dataSource) => {
  await dataSource.query('SELECT id, name, hits FROM bench_item WHERE id = $1', [anyId()]);
};
const write: Operation = async (dataSource) => {
  await dataSource.query('UPDATE bench_item SET hits = hits + 1 WHERE id = $1', [anyId()]);
};
const transaction: Operation = (dataSource) =>
  dataSource.transaction('REPEATABLE READ', async (manager) => {
    await manager.query('SELECT hits FROM bench_item WHERE id = $1', [anyId()]);
    await manager.transaction(async (nested) => {
      await nested.query('INSERT INTO bench_item (name) VALUES ($1)', ['soak']);
    });
    await manager.query("DELETE FROM bench_item WHERE name = 'soak' AND xmin = pg_current_xact_id()::xid");
  });
const stream: Operation = async (dataSource) => {
  const runner = dataSource.createQueryRunner();
  try {
    const results = await runner.stream('SELECT id FROM bench_item WHERE id <= 200');
    let count = 0;
    for await (const row of results) count += row === undefined ? 0 : 1;
    if (count !== 200) throw new Error(`The stream ended after ${count} rows.`);
  } finally {
    await runner.release();
  }
};

const operations = { read, write, transaction, stream };
type OperationName = keyof typeof operations;
const mix: readonly OperationName[] = ['read', 'read', 'read', 'read', 'read', 'write', 'write', 'transaction', 'transaction', 'stream'];
/** Far longer than anything here takes, a fault included: who is not back by then never will be. */
const patienceMs = 45_000;

export interface WorkloadOptions {
  readonly workers: number;
  readonly ledger: Ledger;
  readonly signal: AbortSignal;
}

/**
 * Reads, writes, nested transactions and streams without a pause, until the signal.
 * @returns what was still under way long after the signal: operations that hang
 */
export async function runWorkload(dataSource: DataSource, { workers, ledger, signal }: WorkloadOptions): Promise<readonly string[]> {
  const underWay = new Map<number, OperationName>();
  const worker = async (number: number): Promise<void> => {
    while (!signal.aborted) {
      const name = mix[Math.floor(Math.random() * mix.length)] ?? 'read';
      const startedAtMs = performance.now();
      underWay.set(number, name);
      try {
        await operations[name](dataSource);
        ledger.succeeded(startedAtMs);
      } catch (error) {
        ledger.failed(error, startedAtMs);
        // A worker whose operation fails at once would starve everything else in this process.
        await sleep(10);
      } finally {
        underWay.delete(number);
      }
    }
  };
  const all = Promise.all(Array.from({ length: workers }, (_, number) => worker(number)));
  await once(signal, 'abort');
  const patience = new AbortController();
  await Promise.race([all, sleep(patienceMs, undefined, { signal: patience.signal })]);
  patience.abort();
  return [...underWay.values()];
}
