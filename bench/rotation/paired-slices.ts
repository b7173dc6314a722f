import type { DataSource } from 'typeorm';
import { percentiles, spreadOf, type Percentiles, type Spread } from '../support/percentiles.js';

export interface PairedSlicesOptions {
  readonly plain: DataSource;
  readonly rotating: DataSource;
  readonly workers: number;
  readonly sliceMs: number;
  readonly pairs: number;
  /** Called when the rotating slice of a pair starts. */
  readonly onRotatingSlice?: (pair: number) => Promise<void>;
}

export interface PairedResult {
  /** Throughput of the rotating pool divided by that of plain TypeORM, pair by pair. */
  readonly throughput: Spread;
  /** 99th percentile of the rotating pool divided by that of plain TypeORM, pair by pair. */
  readonly p99: Spread;
  readonly plainPerSecond: number;
  readonly rotatingPerSecond: number;
  readonly plainLatency: Percentiles;
  readonly rotatingLatency: Percentiles;
}

interface Slice {
  readonly perSecond: number;
  readonly latenciesMs: number[];
}

/**
 * Runs both sides in turn, slice by slice in one process, and compares neighbours: what the machine does besides hits both.
 * The order changes from pair to pair.
 */
export async function pairedSlices(options: PairedSlicesOptions): Promise<PairedResult> {
  const plain: Slice[] = [];
  const rotating: Slice[] = [];
  const runPlain = async (): Promise<void> => void plain.push(await slice(options.plain, options));
  const runRotating = async (pair: number): Promise<void> => {
    const rotation = options.onRotatingSlice?.(pair);
    rotating.push(await slice(options.rotating, options));
    await rotation;
  };
  await slice(options.plain, options);
  await slice(options.rotating, options);
  for (let pair = 0; pair < options.pairs; pair += 1) {
    if (pair % 2 === 0) await runPlain();
    await runRotating(pair);
    if (pair % 2 === 1) await runPlain();
  }
  return compare(plain, rotating);
}

async function slice(dataSource: DataSource, { workers, sliceMs }: PairedSlicesOptions): Promise<Slice> {
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const worker = async (): Promise<void> => {
    for (let before = performance.now(); before - startedAt < sliceMs;) {
      await dataSource.query('SELECT 1');
      const after = performance.now();
      latenciesMs.push(after - before);
      before = after;
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return { perSecond: (latenciesMs.length * 1_000) / (performance.now() - startedAt), latenciesMs };
}

function compare(plain: readonly Slice[], rotating: readonly Slice[]): PairedResult {
  const ratios = rotating.map((one, pair) => one.perSecond / (plain[pair]?.perSecond ?? Number.NaN));
  const p99s = rotating.map((one, pair) => percentiles(one.latenciesMs).p99 / percentiles(plain[pair]?.latenciesMs ?? []).p99);
  return {
    throughput: spreadOf(ratios),
    p99: spreadOf(p99s),
    plainPerSecond: Math.round(spreadOf(plain.map((one) => one.perSecond)).median),
    rotatingPerSecond: Math.round(spreadOf(rotating.map((one) => one.perSecond)).median),
    plainLatency: percentiles(plain.flatMap((one) => one.latenciesMs)),
    rotatingLatency: percentiles(rotating.flatMap((one) => one.latenciesMs)),
  };
}
