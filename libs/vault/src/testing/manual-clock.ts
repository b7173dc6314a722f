import { checkedDelayMs } from '../support/checked/checked-ms.js';
import { Clock } from '../support/time/clock.js';

interface ManualTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock extends Clock {
  readonly #timers = new Set<ManualTimer>();
  readonly #jumpListeners = new Set<(aheadMs: number) => void>();
  #nowMs = 0;
  #aheadMs = 0;

  override nowMs(): number {
    return this.#nowMs;
  }

  override wallMs(): number {
    return this.#nowMs + this.#aheadMs;
  }

  override setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { dueMs: this.#nowMs + checkedDelayMs(delayMs), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Time passes while nothing runs, as for a process that was stopped: timers that fall due meanwhile fire at the next `advance()`. */
  standStill(ms: number): void {
    this.#nowMs += ms;
  }

  override onWallJump(listener: (aheadMs: number) => void): () => void {
    this.#jumpListeners.add(listener);
    return () => this.#jumpListeners.delete(listener);
  }

  /** Moves the wall clock alone, as a suspend of the machine or an operator does, and lets what follows settle. */
  async jump(byMs: number): Promise<void> {
    this.#aheadMs += byMs;
    if (byMs > 0) for (const listener of this.#jumpListeners) listener(byMs);
    await settled();
  }

  /** Number of timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on by `ms`, firing each timer at its time and letting what it started settle before the next. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (let next = this.#nextBefore(untilMs); next !== undefined; next = this.#nextBefore(untilMs)) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.callback();
      await settled();
    }
    this.#nowMs = untilMs;
    await settled();
  }

  #nextBefore(untilMs: number): ManualTimer | undefined {
    return [...this.#timers].filter(({ dueMs }) => dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs)[0];
  }
}

/** Everything that was ready to run has run: promise reactions finish before the next turn of the event loop. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
