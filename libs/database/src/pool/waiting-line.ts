import type { Clock } from '@keyturn/vault';
import type { Waiter } from './waiter.js';

export interface WaitingLineOptions {
  readonly clock: Clock;
  /** How long each may wait; undefined: for ever. */
  readonly timeoutMs: number | undefined;
  /**
   * Until when they waited for something that has a time limit of its own, on the monotonic clock; the present while they still do. That
   * time does not count.
   */
  readonly heldUntilMs: () => number;
  /** What to tell those whose time is over. */
  readonly timedOut: (timeoutMs: number) => Error;
}

/** What pg-pool gives a caller in place of a connection's release: some call it in any case. */
export const releaseNothing = (): void => undefined;

/** A timer that is later than this was not only kept waiting by other work. */
const standstillMs = 1_000;

/** Those who wait for a connection, first come first served. */
export class WaitingLine {
  readonly #options: WaitingLineOptions;
  readonly #waiters: Waiter[] = [];

  constructor(options: WaitingLineOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#waiters.length;
  }

  /** At the end. @param isLimited whether the acquire time-out holds */
  join(waiter: Waiter, isLimited: boolean): void {
    if (isLimited) this.#limit(waiter);
    this.#waiters.push(waiter);
  }

  /** First again: what it was given did not work. */
  rejoin(waiter: Waiter): void {
    this.#limit(waiter);
    this.#waiters.unshift(waiter);
  }

  next(): Waiter | undefined {
    return this.#waiters.shift();
  }

  rejectAll(error: Error): void {
    for (const waiter of this.#waiters.splice(0)) this.reject(waiter, error);
  }

  /** For one who waits, or for whom a connection is being opened. */
  reject(waiter: Waiter, error: Error): void {
    waiter.cancelTimeout?.();
    waiter.gone = true;
    waiter.callback(error, undefined, releaseNothing);
  }

  #limit(waiter: Waiter): void {
    const { timeoutMs } = this.#options;
    if (timeoutMs === undefined || waiter.cancelTimeout !== undefined) return;
    this.#arm(waiter, timeoutMs, timeoutMs);
  }

  #arm(waiter: Waiter, afterMs: number, timeoutMs: number): void {
    const { clock } = this.#options;
    const dueMs = clock.nowMs() + afterMs;
    waiter.cancelTimeout = clock.setTimer(() => {
      // The process stood still: nobody could be served meanwhile, so it was no time to wait.
      if (clock.nowMs() - dueMs > standstillMs) this.#arm(waiter, timeoutMs, timeoutMs);
      else this.#timeOut(waiter, timeoutMs);
    }, afterMs);
  }

  #timeOut(waiter: Waiter, timeoutMs: number): void {
    const leftMs = this.#options.heldUntilMs() + timeoutMs - this.#options.clock.nowMs();
    if (leftMs > 0) {
      this.#arm(waiter, leftMs, timeoutMs);
      return;
    }
    const at = this.#waiters.indexOf(waiter);
    if (at >= 0) this.#waiters.splice(at, 1);
    this.reject(waiter, this.#options.timedOut(timeoutMs));
  }
}
