import type { DataSource } from 'typeorm';
import { percentiles, spreadOf, type Percentiles, type Spread } from '../support/percentiles.js';

/** One side of a comparison. */
export interface Contender {
  readonly dataSource: DataSource;
  /** What runs beside the load in the slice of that pair. */
  readonly beside?: (pair: number) => Promise<void>;
}

export interface PairedSlicesOptions {
  /** The first is what the others are compared with. */
  readonly contenders: readonly [Contender, ...Contender[]];
  readonly workers: number;
  readonly sliceMs: number;
  readonly pairs: number;
}

export interface ContenderResult {
  /** Throughput divided by that of the first contender, pair by pair. */
  readonly throughput: Spread;
  /** 99th percentile divided by that of the first contender, pair by pair. */
  readonly p99: Spread;
  /** CPU time of this process for a query, divided likewise. */
  readonly cpu: Spread;
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  readonly latency: Percentiles;
}

interface Slice {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  readonly latenciesMs: number[];
}

/**
 * Runs the contenders in turn, slice by slice in one process, and compares neighbours: what the machine does besides hits all of them.
 * The order changes from pair to pair.
 */
export async function pairedSlices(options: PairedSlicesOptions): Promise<readonly ContenderResult[]> {
  const { contenders, pairs } = options;
  const slices = contenders.map((): Slice[] => []);
  for (const { dataSource } of contenders) await slice({ dataSource }, 0, options);
  for (let pair = 0; pair < pairs; pair += 1) {
    const order = contenders.map((_, index) => (pair % 2 === 0 ? index : contenders.length - 1 - index));
    for (const index of order) slices[index]!.push(await slice(contenders[index]!, pair, options));
  }
  return slices.map((own) => compare(own, slices[0]!));
}

/** Its CPU time includes that of what runs beside it until its end, as that takes it from the queries. */
async function slice({ dataSource, beside }: Contender, pair: number, { workers, sliceMs }: PairedSlicesOptions): Promise<Slice> {
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const besides = beside?.(pair);
  const worker = async (): Promise<void> => {
    for (let before = performance.now(); before - startedAt < sliceMs;) {
      await dataSource.query('SELECT 1');
      const after = performance.now();
      latenciesMs.push(after - before);
      before = after;
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  const tookMs = performance.now() - startedAt;
  await besides;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { perSecond: (latenciesMs.length * 1_000) / tookMs, cpuMicroseconds: (user + system) / latenciesMs.length, latenciesMs };
}

function compare(own: readonly Slice[], first: readonly Slice[]): ContenderResult {
  const ratio = (of: (slice: Slice) => number): Spread => spreadOf(own.map((one, pair) => of(one) / of(first[pair]!)));
  return {
    throughput: ratio(({ perSecond }) => perSecond),
    p99: ratio(({ latenciesMs }) => percentiles(latenciesMs).p99),
    cpu: ratio(({ cpuMicroseconds }) => cpuMicroseconds),
    perSecond: Math.round(spreadOf(own.map(({ perSecond }) => perSecond)).median),
    cpuMicroseconds: Math.round(spreadOf(own.map(({ cpuMicroseconds }) => cpuMicroseconds)).median),
    latency: percentiles(own.flatMap(({ latenciesMs }) => latenciesMs)),
  };
}
