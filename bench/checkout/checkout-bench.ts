import type { BenchArguments } from '../support/bench-arguments.js';
import type { Spread } from '../support/percentiles.js';
import { reportTable } from '../support/report-table.js';
import { writeReport } from '../support/write-report.js';
import { checkoutCost, type CheckoutCost } from './checkout-cost.js';
import { checkoutPools } from './checkout-pools.js';
import { heapOfIdlePools } from './idle-pool-heap.js';
import type { CheckoutLoad } from './run-checkouts.js';

const poolSize = 10;

const scenarios: Readonly<Record<string, CheckoutLoad>> = {
  'checkout, one caller': { callers: 1, isQuery: false },
  'SELECT 1, one caller': { callers: 1, isQuery: true },
  'SELECT 1, four callers': { callers: 4, isQuery: true },
  'SELECT 1, saturated': { callers: 32, isQuery: true },
};

/** What the rotating pool costs over pg-pool itself, without a server. Prints tables and writes reports/checkout-bench.json. */
export async function checkoutBench({ pairs = 40, only = '' }: BenchArguments): Promise<void> {
  const { plain, rotating } = checkoutPools({ max: poolSize });
  const pools = { plain: plain(), rotating: rotating() };
  const costs: Record<string, CheckoutCost> = {};
  for (const [name, load] of Object.entries(scenarios)) {
    if (name.includes(only)) costs[name] = await checkoutCost(pools, load, pairs);
  }
  await Promise.all([pools.plain.end(), pools.rotating.end()]);
  const heap = await heapOfIdlePools();
  print(costs);
  console.log(`\nheap of an idle pool, in bytes\n${reportTable(heap.map((row) => ({ ...row })))}`);
  console.log(`written: ${await writeReport('checkout-bench', { node: process.version, pairs, costs, heap })}`);
}

function print(costs: Readonly<Record<string, CheckoutCost>>): void {
  const rows = Object.entries(costs).map(([scenario, { plainNs, rotatingNs, extraNs, throughput, plainBytes, rotatingBytes }]) => ({
    scenario,
    'plain ns': plainNs.median,
    'rotating ns': rotatingNs.median,
    'extra ns': extraNs.median,
    'quartiles of extra': quartiles(extraNs),
    ratio: throughput.median,
    'quartiles of ratio': quartiles(throughput),
    'plain bytes': plainBytes,
    'rotating bytes': rotatingBytes,
  }));
  console.log(`\nCPU time and bytes for each checkout; ratio: plain CPU time / rotating CPU time\n${reportTable(rows)}`);
}

function quartiles({ lowerQuartile, upperQuartile }: Spread): string {
  return `${lowerQuartile} to ${upperQuartile}`;
}
