import type { Clock } from '@keyturn/vault';
import { stoodStill } from '../support/stood-still.js';
import { reject, type Waiter } from './waiter.js';

export interface WaiterQueueOptions {
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

/**
 * Those who wait for a connection, first come first served. Each knows its neighbours, so that to come, to be served and to leave cost the
 * same however many wait: all whose time is over at one moment leave one by one.
 */
export class WaiterQueue {
  readonly #options: WaiterQueueOptions;
  #first: Waiter | undefined;
  #last: Waiter | undefined;
  #length = 0;

  constructor(options: WaiterQueueOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#length;
  }

  /** At the end. @param isLimited whether the acquire time-out holds */
  join(waiter: Waiter, isLimited: boolean): void {
    if (isLimited) this.#limit(waiter);
    this.#insert(waiter, this.#last, undefined);
  }

  /** First again: what it was given did not work. */
  rejoin(waiter: Waiter): void {
    this.#limit(waiter);
    this.#insert(waiter, undefined, this.#first);
  }

  next(): Waiter | undefined {
    const first = this.#first;
    if (first !== undefined) this.#leave(first);
    return first;
  }

  /** Those who wait now: who comes meanwhile waits on. */
  rejectAll(error: Error): void {
    let waiter = this.#first;
    [this.#first, this.#last, this.#length] = [undefined, undefined, 0];
    while (waiter !== undefined) {
      const { behind } = waiter;
      waiter.before = waiter.behind = undefined;
      reject(waiter, error);
      waiter = behind;
    }
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
      // Nobody could be served meanwhile, so it was no time to wait.
      if (stoodStill(dueMs, clock.nowMs())) this.#arm(waiter, timeoutMs, timeoutMs);
      else this.#timeOut(waiter, timeoutMs);
    }, afterMs);
  }

  #timeOut(waiter: Waiter, timeoutMs: number): void {
    const leftMs = this.#options.heldUntilMs() + timeoutMs - this.#options.clock.nowMs();
    if (leftMs > 0) {
      this.#arm(waiter, leftMs, timeoutMs);
      return;
    }
    // A connection may be being opened for it: then it stands in no line.
    if (waiter === this.#first || waiter.before !== undefined) this.#leave(waiter);
    reject(waiter, this.#options.timedOut(timeoutMs));
  }

  #insert(waiter: Waiter, before: Waiter | undefined, behind: Waiter | undefined): void {
    waiter.before = before;
    waiter.behind = behind;
    if (before === undefined) this.#first = waiter;
    else before.behind = waiter;
    if (behind === undefined) this.#last = waiter;
    else behind.before = waiter;
    this.#length += 1;
  }

  #leave(waiter: Waiter): void {
    const { before, behind } = waiter;
    if (before === undefined) this.#first = behind;
    else before.behind = behind;
    if (behind === undefined) this.#last = before;
    else behind.before = before;
    waiter.before = waiter.behind = undefined;
    this.#length -= 1;
  }
}
