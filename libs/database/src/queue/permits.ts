import type { Clock } from '@keyturn/vault';

/** One permit for each connection in use, whatever its generation. While the pool is held, none is free. */
export class Permits {
  readonly #max: number;
  readonly #clock: Clock;
  #inUse = 0;
  #holds = 0;
  #withholds = 0;
  #resumedAtMs = Number.NEGATIVE_INFINITY;

  constructor(max: number, clock: Clock) {
    this.#max = max;
    this.#clock = clock;
  }

  get inUse(): number {
    return this.#inUse;
  }

  get isHeld(): boolean {
    return this.#holds > 0;
  }

  get hasFree(): boolean {
    return this.#holds === 0 && this.#inUse < this.#max;
  }

  take(): void {
    this.#inUse += 1;
  }

  giveBack(): void {
    this.#inUse -= 1;
  }

  /** No permit is free until the returned function is called, which may be called again. */
  hold(onResumed: () => void): () => void {
    let held = 1;
    this.#holds += held;
    return () => {
      this.#holds -= held;
      held = 0;
      onResumed();
    };
  }

  /** Like `hold()`; how long it lasts is no time that callers have waited. */
  withhold(onResumed: () => void): () => void {
    let withheld = 1;
    this.#withholds += withheld;
    return this.hold(() => {
      if (withheld > 0) this.#resumedAtMs = this.#clock.nowMs();
      this.#withholds -= withheld;
      withheld = 0;
      onResumed();
    });
  }

  /** Until when permits were withheld, on the monotonic clock; the present while they still are. */
  withheldUntilMs(): number {
    return this.#withholds > 0 ? this.#clock.nowMs() : this.#resumedAtMs;
  }
}
