import type { Clock } from '@keyturn/vault';

export interface AlarmOptions {
  readonly clock: Clock;
  /** Called at the moment, or later if the process stood still. @param atMs the moment that was set */
  readonly onRing: (atMs: number) => void;
  /** Name of the timer, for clocks that list their timers. */
  readonly name?: string;
}

/** One moment on the monotonic clock, at which something is called once. A new moment takes the place of the one before. */
export class Alarm {
  readonly #options: AlarmOptions;
  #atMs = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(options: AlarmOptions) {
    this.#options = options;
  }

  /** @param atMs infinity: never */
  set(atMs: number): void {
    const { clock, name } = this.#options;
    this.clear();
    this.#atMs = atMs;
    if (atMs === Number.POSITIVE_INFINITY) return;
    this.#cancel = clock.setTimer(() => this.#ring(), Math.max(0, atMs - clock.nowMs()), name);
  }

  clear(): void {
    this.#cancel?.();
    this.#atMs = Number.POSITIVE_INFINITY;
  }

  /**
   * Rings now if the moment has passed. After a standstill of the process timers fire in the order in which they were due: timers of
   * callers may come before this one.
   */
  catchUp(): void {
    if (this.#options.clock.nowMs() >= this.#atMs) this.#ring();
  }

  #ring(): void {
    const atMs = this.#atMs;
    this.clear();
    this.#options.onRing(atMs);
  }
}
