import type { Clock } from '@keyturn/vault';
import type { FailureKind } from '../../driver/failure-kind.js';
import type { NumberedCredential, PreparedGeneration, PrepareOptions } from '../../generations/prepared-generation.js';
import type { RotatablePool } from '../../pool/rotatable-pool.js';
import { isAway, isOver, isRefused, nextTrialState, type TrialState, type TrialStep } from './trial-state.js';

export interface PoolTrialOptions extends PrepareOptions {
  readonly clock: Clock;
  /** Called after each failed try, and at the end. */
  readonly onProgress: () => void;
}

/** One pool that proves new credentials, as far as it has come. */
export class PoolTrial {
  readonly pool: RotatablePool;
  readonly #giveUp = new AbortController();
  readonly #clock: Clock;
  #state: TrialState = { kind: 'unanswered' };

  constructor(pool: RotatablePool, numbered: NumberedCredential, options: PoolTrialOptions) {
    const { onProgress, clock, ...given } = options;
    this.pool = pool;
    this.#clock = clock;
    const signal = AbortSignal.any([given.signal, this.#giveUp.signal]);
    const onFailedTry = (failure: FailureKind): void => {
      this.#step(failure === 'login' ? { type: 'refused', atMs: clock.nowMs() } : { type: 'missed', failure });
      given.onFailedTry?.(failure);
      onProgress();
    };
    void this.#run(pool.prepare(numbered, { ...given, signal, onFailedTry })).finally(onProgress);
  }

  /** The generation that is proved and waits for the commit. */
  get prepared(): PreparedGeneration | undefined {
    return this.#state.kind === 'proved' ? this.#state.prepared : undefined;
  }

  /** Why the pool could not prove the credentials in time. */
  get error(): Error | undefined {
    return this.#state.kind === 'failed' ? this.#state.error : undefined;
  }

  get isOver(): boolean {
    return isOver(this.#state);
  }

  /** Whether the server has said neither yes nor no yet. */
  get isUnanswered(): boolean {
    return this.#state.kind === 'unanswered';
  }

  /** Whether the server, as far as is known, cannot be reached: its callers may have found that out before. */
  get isAway(): boolean {
    return isAway(this.#state, this.isUnanswered && this.pool.snapshot().outage !== undefined);
  }

  /** Whether the server refuses the credentials, and not only because it learns of them a moment late. */
  get isRefused(): boolean {
    return isRefused(this.#state, this.#clock.nowMs());
  }

  /** Nobody waits for the trial any more: what is still proved after all is closed. */
  giveUp(): void {
    this.#giveUp.abort(new Error('The outcome is not waited for any more.'));
  }

  async #run(preparation: Promise<PreparedGeneration>): Promise<void> {
    try {
      const prepared = await preparation;
      if (this.#giveUp.signal.aborted) prepared.abort();
      else this.#step({ type: 'proved', prepared });
    } catch (error) {
      this.#step({ type: 'failed', error: error as Error });
    }
  }

  #step(step: TrialStep): void {
    this.#state = nextTrialState(this.#state, step);
  }
}
