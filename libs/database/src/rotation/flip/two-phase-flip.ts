import type { Clock } from '@keyturn/vault';
import type { DrainDeadline } from '../../lifetime/drain-deadline.js';
import type { Draining, NumberedCredential, PreparedGeneration, PrepareOptions } from '../../generations/prepared-generation.js';
import type { RotatablePool } from '../../pool/rotatable-pool.js';
import { PoolTrial } from './pool-trial.js';

export interface FlipOptions extends PrepareOptions {
  readonly clock: Clock;
  /** Whether time is scarce: a pool whose server is away does not hold back the others any more. */
  readonly isScarce: () => boolean;
  /** Whether the old credentials have ended. */
  readonly isOver: () => boolean;
  /**
   * Until when the flip waits for a server that says nothing, or that refuses the new credentials: just before the old ones end, on the
   * monotonic clock.
   */
  readonly answerUntilMs: number;
}

/**
 * Moves all pools to new credentials in two phases: a generation is proved in every pool and waits, then all pools commit at once.
 *
 * The folder `flip/` decides whether all pools flip, none does, or the flip goes on without some. It does not ask for credentials
 * (`supply/`), it does not log in (`generations/`), and it does not end what was replaced (`retirement/`).
 */
export class TwoPhaseFlip {
  readonly #numbered: NumberedCredential;
  readonly #options: FlipOptions;
  readonly #prepared = new Map<RotatablePool, PreparedGeneration>();
  #onProgress: () => void = () => undefined;
  #isLate = false;
  #isProved = false;

  constructor(numbered: NumberedCredential, options: FlipOptions) {
    this.#numbered = numbered;
    this.#options = options;
  }

  /** Whether one pool at least has proved the credentials, also where another one could not. */
  get isProved(): boolean {
    return this.#isProved;
  }

  /**
   * Prepares all of `pools`, and those that join meanwhile. When one fails, none flips. There is an exception where time is scarce and one
   * pool has proved the credentials: pools whose servers are away adopt them unproved. Just before the old ones end, pools that refuse the
   * new ones adopt them, too.
   * @throws the first failure, after every prepared generation is closed; a failure of the credentials comes before one of a server that
   * is away
   */
  async prepare(pools: ReadonlySet<RotatablePool>): Promise<void> {
    for (;;) {
      const missing = [...pools].filter((pool) => !this.#prepared.has(pool));
      if (missing.length === 0) return;
      await this.#prove(missing, pools);
    }
  }

  /** The second phase: one synchronous pass, after which every new checkout of every pool uses the new credentials. */
  commit(deadline: DrainDeadline | undefined): readonly Draining[] {
    return [...this.#prepared.values()].map((prepared) => prepared.commit(deadline));
  }

  abort(): void {
    for (const prepared of this.#prepared.values()) prepared.abort();
    this.#prepared.clear();
  }

  async #prove(missing: readonly RotatablePool[], pools: ReadonlySet<RotatablePool>): Promise<void> {
    const { clock, answerUntilMs } = this.#options;
    const options = { ...this.#options, onProgress: () => this.#onProgress() };
    const trials = missing.map((pool) => new PoolTrial(pool, this.#numbered, options));
    const waitMs = answerUntilMs - clock.nowMs();
    const onLate = (): void => {
      this.#isLate = true;
      this.#onProgress();
    };
    const cancelTimer = Number.isFinite(waitMs) ? clock.setTimer(onLate, Math.max(0, waitMs)) : undefined;
    while (!trials.every((trial) => trial.isOver) && !this.#mayAdopt(trials, pools)) {
      await new Promise<void>((resolve) => (this.#onProgress = resolve));
    }
    cancelTimer?.();
    this.#settle(trials, pools);
  }

  #settle(trials: readonly PoolTrial[], pools: ReadonlySet<RotatablePool>): void {
    const adopts = this.#mayAdopt(trials, pools);
    for (const { pool, prepared } of trials) if (prepared !== undefined) this.#prepared.set(pool, prepared);
    this.#isProved = this.#prepared.size > 0;
    const failed = failedOf(trials, pools);
    for (const trial of trials) if (trial.prepared === undefined) trial.giveUp();
    const failure = adopts ? undefined : (failed.find((trial) => !trial.isAway) ?? failed[0])?.error;
    if (failure !== undefined) {
      this.abort();
      throw failure;
    }
    for (const { pool } of failed) this.#prepared.set(pool, pool.adopt(this.#numbered));
  }

  /** Whether the flip waits for none of the pools that have no proof. */
  #mayAdopt(trials: readonly PoolTrial[], pools: ReadonlySet<RotatablePool>): boolean {
    const { isScarce, isOver } = this.#options;
    const isProved = this.#prepared.size > 0 || trials.some((trial) => trial.prepared !== undefined);
    if (!isProved || !isScarce()) return false;
    const isLate = this.#isLate;
    const isGivenUp = (trial: PoolTrial): boolean =>
      trial.isAway || (isLate && trial.isUnanswered) || (trial.isRefused && (isLate || isOver()));
    return failedOf(trials, pools).every(isGivenUp);
  }
}

/** The trials without a proof, yet or for good. A pool that was closed meanwhile is no reason to keep the others on the old credentials. */
function failedOf(trials: readonly PoolTrial[], pools: ReadonlySet<RotatablePool>): readonly PoolTrial[] {
  return trials.filter((trial) => trial.prepared === undefined && pools.has(trial.pool));
}
