import { monitorEventLoopDelay } from 'node:perf_hooks';
import { VaultResponse, type VaultService } from '@keyturn/vault';
import { keyturn } from '../client/contenders.js';
import { startResponder } from '../client/start-responder.js';
import type { BenchArguments } from '../support/bench-arguments.js';
import { spreadOf } from '../support/percentiles.js';
import { reportTable } from '../support/report-table.js';
import { writeReport } from '../support/write-report.js';

const sizes = [1_000, 10_000, 100_000];
const name = 'database/creds/bench';

/** What many leases cost: to track and to release them, and how long the end of the token above them holds up the event loop. */
export async function leaseBench(options: BenchArguments): Promise<void> {
  const rounds = options.pairs ?? 5;
  await using responder = await startResponder();
  const rows: Record<string, number>[] = [];
  for (const leases of sizes) {
    const tracked = await manyTimes(rounds, responder.address, (vault) => trackAndRelease(vault, leases));
    const delays = await manyTimes(rounds, responder.address, (vault) => endOfToken(vault, leases));
    rows.push({ leases, ...columns('track and release', tracked), ...columns('longest delay at the end of the token', delays) });
  }
  console.log(reportTable(rows));
  console.log(await writeReport('lease-bench', { node: process.version, rounds, rows }));
}

function columns(what: string, figuresMs: readonly number[]): Record<string, number> {
  const { median, max } = spreadOf(figuresMs);
  return { [`${what}, ms`]: median, [`${what}, most`]: max };
}

async function manyTimes(rounds: number, address: string, measure: (vault: VaultService) => Promise<number>): Promise<number[]> {
  const figures: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const client = await keyturn({ address, token: 'bench' }, false);
    figures.push(await measure(client.vault));
    await client.close?.();
  }
  return figures;
}

async function trackAndRelease(vault: VaultService, count: number): Promise<number> {
  const answers = answersWithLeases(count, 0);
  const startedAtMs = performance.now();
  const leases = answers.map((answer) => vault.leases.track(answer, { name }));
  for (const lease of leases) lease.release();
  return performance.now() - startedAtMs;
}

/** The longest time for which nothing else ran, while each lease is told that its token ends. */
async function endOfToken(vault: VaultService, count: number): Promise<number> {
  const epoch = 1_000;
  const told = new Promise<void>((resolve) => {
    let left = count;
    for (const answer of answersWithLeases(count, epoch)) {
      vault.leases.track(answer, { name }).subscribe(({ type }) => {
        if (type === 'leaseEnding' && (left -= 1) === 0) resolve();
      });
    }
  });
  await new Promise((resolve) => setImmediate(resolve));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  vault.leases.endWithParent({ epoch, expiresAtMs: performance.now() + 60_000, revoked: false });
  await told;
  delay.disable();
  for (const lease of vault.leases.list()) lease.release();
  return delay.max / 1e6;
}

function answersWithLeases(count: number, tokenEpoch: number): VaultResponse[] {
  const receivedAtMs = performance.now();
  const facts = { status: 200, requestId: '', renewable: true, data: null, auth: null, wrapInfo: null, warnings: [] };
  return Array.from(
    { length: count },
    (_, index) =>
      new VaultResponse({ ...facts, leaseId: `${name}/${index}`, leaseDuration: 3_600 + (index % 600), receivedAtMs, tokenEpoch }),
  );
}
