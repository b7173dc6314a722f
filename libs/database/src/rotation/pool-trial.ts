import type { Clock } from '@keyturn/vault';
import type { FailureKind } from '../driver/failure-kind.js';
import { isDatabaseError } from '../errors/is-database-error.js';
import type { NumberedCredential, PreparedGeneration, PrepareOptions } from '../generations/prepared-generation.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';

/** A replica that lags so long is nothing unusual. */
const momentMs = 1_000;

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
  #lastFailure: FailureKind | undefined;
  #refusedFromMs: number | undefined;
  #prepared: PreparedGeneration | undefined;
  #error: Error | undefined;

  constructor(pool: RotatablePool, numbered: NumberedCredential, options: PoolTrialOptions) {
    const { onProgress, clock, ...given } = options;
    this.pool = pool;
    this.#clock = clock;
    const signal = AbortSignal.any([given.signal, this.#giveUp.signal]);
    const onFailedTry = (kind: FailureKind): void => {
      this.#lastFailure = kind;
      if (kind === 'login') this.#refusedFromMs ??= clock.nowMs();
      given.onFailedTry?.(kind);
      onProgress();
    };
    void this.#run(pool.prepare(numbered, { ...given, signal, onFailedTry })).finally(onProgress);
  }

  /** What is proved and waits for the commit. */
  get prepared(): PreparedGeneration | undefined {
    return this.#prepared;
  }

  /** Why the pool could not prove them in time. */
  get error(): Error | undefined {
    return this.#error;
  }

  get isOver(): boolean {
    return this.#prepared !== undefined || this.#error !== undefined;
  }

  /** Whether the server has said nothing yet, neither yes nor no. */
  get isUnanswered(): boolean {
    return !this.isOver && this.#lastFailure === undefined;
  }

  /** Whether the server, as far as is known, cannot be reached: its callers may have found that out before. */
  get isAway(): boolean {
    if (this.#error !== undefined) return isDatabaseError(this.#error, 'DATABASE_SERVER_UNREACHABLE');
    if (this.#lastFailure === undefined) return !this.isOver && this.pool.snapshot().outage !== undefined;
    return !this.isOver && this.#lastFailure === 'network';
  }

  /** Whether the server refuses the credentials, and not only because it learns of them a moment late. */
  get isRefused(): boolean {
    if (this.#error !== undefined) return isDatabaseError(this.#error, 'DATABASE_LOGIN_REJECTED');
    if (this.isOver || this.#lastFailure !== 'login' || this.#refusedFromMs === undefined) return false;
    return this.#clock.nowMs() - this.#refusedFromMs >= momentMs;
  }

  /** Nobody waits for it any more: what is still proved after all is closed. */
  giveUp(): void {
    this.#giveUp.abort(new Error('The outcome is not waited for any more.'));
  }

  async #run(preparation: Promise<PreparedGeneration>): Promise<void> {
    try {
      const prepared = await preparation;
      if (this.#giveUp.signal.aborted) prepared.abort();
      else this.#prepared = prepared;
    } catch (error) {
      this.#error = error as Error;
    }
  }
}
