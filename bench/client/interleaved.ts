import { spreadOf, type Spread } from '../support/percentiles.js';
import type { Contender } from './contenders.js';

export interface InterleavedOptions {
  readonly inFlight: number;
  readonly sliceMs: number;
  readonly rounds: number;
}

export interface Throughput {
  readonly name: string;
  /** Microseconds of a read, median of the rounds. */
  readonly microseconds: number;
  readonly readsPerSecond: number;
  /** Cost relative to the first contender, of the same round. */
  readonly costRatio: Spread;
}

/** Measures the contenders in turns, a slice each a round, so that what else the machine does meets them alike. */
export async function interleaved(contenders: readonly Contender[], options: InterleavedOptions): Promise<readonly Throughput[]> {
  const costs = contenders.map((): number[] => []);
  for (const contender of contenders) await slice(contender, options);
  for (let round = 0; round < options.rounds; round += 1) {
    // Every other round backwards: nobody always comes after the same neighbour.
    const order = contenders.map((_, index) => (round % 2 === 0 ? index : contenders.length - 1 - index));
    for (const index of order) costs[index]?.push(await slice(contenders[index] as Contender, options));
  }
  return contenders.map(({ name }, index) => {
    const own = costs[index] ?? [];
    const microseconds = spreadOf(own).median;
    const costRatio = spreadOf(own.map((cost, round) => cost / (costs[0]?.[round] ?? 1)));
    return { name, microseconds, readsPerSecond: Math.round(1e6 / microseconds), costRatio };
  });
}

/** Microseconds of a read in this slice. */
async function slice({ read }: Contender, { inFlight, sliceMs }: InterleavedOptions): Promise<number> {
  let reads = 0;
  const startedMs = performance.now();
  const endMs = startedMs + sliceMs;
  const worker = async (): Promise<void> => {
    while (performance.now() < endMs) {
      await read('bench');
      reads += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return ((performance.now() - startedMs) * 1_000) / reads;
}
