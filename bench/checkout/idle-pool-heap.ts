import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { spreadOf } from '../support/percentiles.js';
import { checkoutPools, type BenchPool } from './checkout-pools.js';

const pools = 1_000;
const passes = 5;
const pollMs = 10;
const collections = 3;

export interface IdlePoolHeap {
  readonly pool: string;
  readonly plainBytes: number;
  readonly rotatingBytes: number;
}

/** Bytes of heap of a pool that has no connection: one that was never asked for any, and one that has closed them as they were idle. */
export async function heapOfIdlePools(): Promise<readonly IdlePoolHeap[]> {
  const { plain, rotating } = checkoutPools({ max: 10, idleTimeoutMillis: 1 });
  return [
    { pool: 'never used', plainBytes: await heapOf(plain, ready), rotatingBytes: await heapOf(rotating, ready) },
    { pool: 'used, no connection left', plainBytes: await heapOf(plain, useOnce), rotatingBytes: await heapOf(rotating, useOnce) },
  ];
}

async function heapOf(make: () => BenchPool, prepare: (pool: BenchPool) => Promise<void>): Promise<number> {
  const bytes: number[] = [];
  for (let pass = 0; pass < passes; pass += 1) bytes.push(await heapOnce(make, prepare));
  return Math.round(spreadOf(bytes).median);
}

/** A call of its own: its pools are garbage when the next one begins. */
async function heapOnce(make: () => BenchPool, prepare: (pool: BenchPool) => Promise<void>): Promise<number> {
  const before = await settledHeap();
  const kept = Array.from({ length: pools }, make);
  await Promise.all(kept.map(prepare));
  const bytes = ((await settledHeap()) - before) / kept.length;
  await Promise.all(kept.map((pool) => pool.end()));
  return bytes;
}

/** What one collection finalises, the next one frees. */
async function settledHeap(): Promise<number> {
  for (let round = 0; round < collections; round += 1) {
    globalThis.gc?.();
    await setImmediate();
  }
  return process.memoryUsage().heapUsed;
}

function ready(): Promise<void> {
  return Promise.resolve();
}

async function useOnce(pool: BenchPool): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    pool.connect((error, _client, release) => {
      if (error) return reject(error);
      release();
      resolve();
    });
  });
  while (pool.totalCount > 0) await sleep(pollMs);
}
