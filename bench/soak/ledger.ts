import { percentiles, type Percentiles } from '../support/percentiles.js';
import { failureCode } from './failure-code.js';

/** A stretch of time in which a fault is known to cause failures of certain codes. */
export interface Excuse {
  readonly fault: string;
  readonly codes: readonly string[];
  readonly fromMs: number;
  /** Undefined while the fault lasts. */
  untilMs: number | undefined;
}

export interface LedgerSummary {
  readonly operations: number;
  readonly latency: Percentiles;
  /** Failures that a fault accounts for: fault, code, count. */
  readonly excused: Readonly<Record<string, number>>;
  /** All others. */
  readonly failed: Readonly<Record<string, number>>;
}

const keptLatencies = 2_000_000;

/** Counts what the workers did and which failures nothing accounts for. */
export class Ledger {
  #operations = 0;
  readonly #latenciesMs: number[] = [];
  readonly #excuses: Excuse[] = [];
  readonly #excused = new Map<string, number>();
  readonly #failed = new Map<string, number>();
  readonly #samples: string[] = [];

  succeeded(startedAtMs: number): void {
    this.#operations += 1;
    if (this.#latenciesMs.length < keptLatencies) this.#latenciesMs.push(performance.now() - startedAtMs);
  }

  failed(error: unknown, startedAtMs: number): void {
    const code = failureCode(error);
    const excuse = this.#excuses.find(
      ({ codes, fromMs, untilMs = Number.POSITIVE_INFINITY }) =>
        codes.includes(code) && startedAtMs <= untilMs && performance.now() >= fromMs,
    );
    const key = excuse === undefined ? code : `${excuse.fault}: ${code}`;
    const counts = excuse === undefined ? this.#failed : this.#excused;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (excuse === undefined && this.#samples.length < 5) {
      this.#samples.push(`${new Date().toISOString()} ${code}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** From now on failures of these codes are the fault's, until the returned function is called. */
  excuse(fault: string, codes: readonly string[]): () => void {
    const excuse: Excuse = { fault, codes, fromMs: performance.now(), untilMs: undefined };
    this.#excuses.push(excuse);
    return () => (excuse.untilMs = performance.now());
  }

  /** The first failures that nothing accounts for, in words. */
  get samples(): readonly string[] {
    return this.#samples;
  }

  summary(): LedgerSummary {
    return {
      operations: this.#operations,
      latency: percentiles(this.#latenciesMs),
      excused: Object.fromEntries(this.#excused),
      failed: Object.fromEntries(this.#failed),
    };
  }
}
