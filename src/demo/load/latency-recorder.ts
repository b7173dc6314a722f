import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

const LONGEST_MS = 60_000;

/** Counts durations in a histogram of fixed size (1 µs to 60 s, three digits), however long the demo runs. */
export class LatencyRecorder {
  readonly #histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: LONGEST_MS * 1_000, figures: 3 });

  record(durationMs: number): void {
    this.#histogram.record(Math.min(LONGEST_MS * 1_000, Math.max(1, Math.round(durationMs * 1_000))));
  }

  /** The duration in milliseconds that `percent` of all do not exceed; undefined before the first one. */
  percentileMs(percent: number): number | undefined {
    return this.#histogram.count === 0 ? undefined : this.#histogram.percentile(percent) / 1_000;
  }
}
