import { spreadOf, type Spread } from '../support/percentiles.js';
import type { CheckoutPools, BenchPool } from './checkout-pools.js';
import { runCheckouts, type CheckoutLoad } from './run-checkouts.js';

/** CPU time, and not the time on the wall: what else the machine does counts for neither. */
export interface CheckoutCost {
  readonly plainNs: Spread;
  readonly rotatingNs: Spread;
  /** CPU time of the rotating pool beyond pg-pool's, pair by pair. */
  readonly extraNs: Spread;
  /** pg-pool's CPU time divided by that of the rotating pool, pair by pair: throughput of a process that does nothing else. */
  readonly throughput: Spread;
  readonly plainBytes: number;
  readonly rotatingBytes: number;
}

const checkoutsPerSlice = 20_000;
const slicesToWarm = 3;
/** Few enough for the youngest part of the heap: no collection comes between. */
const checkoutsPerWindow = 200;
const windows = 60;

/** Measures both pools in turns; the order changes from pair to pair. */
export async function checkoutCost(pools: CheckoutPools, load: CheckoutLoad, pairs: number): Promise<CheckoutCost> {
  for (let slice = 0; slice < slicesToWarm; slice += 1) {
    await cpuNs(pools.plain, load);
    await cpuNs(pools.rotating, load);
  }
  const plain: number[] = [];
  const rotating: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    if (pair % 2 === 0) plain.push(await cpuNs(pools.plain, load));
    rotating.push(await cpuNs(pools.rotating, load));
    if (pair % 2 === 1) plain.push(await cpuNs(pools.plain, load));
  }
  const over = (ratio: (one: number, other: number) => number): Spread =>
    spreadOf(rotating.map((ns, pair) => ratio(ns, plain[pair] ?? Number.NaN)));
  return {
    plainNs: spreadOf(plain),
    rotatingNs: spreadOf(rotating),
    extraNs: over((ns, plainNs) => Math.round(ns - plainNs)),
    throughput: over((ns, plainNs) => plainNs / ns),
    plainBytes: await bytesPerCheckout(pools.plain, load),
    rotatingBytes: await bytesPerCheckout(pools.rotating, load),
  };
}

async function cpuNs(pool: BenchPool, load: CheckoutLoad): Promise<number> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await runCheckouts(pool, load, checkoutsPerSlice);
  const { user, system } = process.cpuUsage(before);
  return Math.round(((user + system) * 1_000) / checkoutsPerSlice);
}

/** Bytes that one checkout leaves to the garbage collector: how far the heap grows while it collects nothing. */
async function bytesPerCheckout(pool: BenchPool, load: CheckoutLoad): Promise<number> {
  const samples: number[] = [];
  for (let window = 0; window < windows; window += 1) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    await runCheckouts(pool, load, checkoutsPerWindow);
    samples.push((process.memoryUsage().heapUsed - before) / checkoutsPerWindow);
  }
  return Math.round(spreadOf(samples).median);
}
