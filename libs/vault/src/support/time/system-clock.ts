import { checkedDelayMs } from '../checked/checked-ms.js';
import { Clock } from './clock.js';
import { WallClockWatch } from './wall-clock-watch.js';

const longestTimeoutMs = 2 ** 31 - 1;
/** How soon after a suspend it is noticed where nobody asks for anything. */
const lookEveryMs = 1_000;

/** The clock of the machine. Its timers do not keep the process alive. */
export class SystemClock extends Clock {
  readonly #jumpListeners = new Set<(aheadMs: number) => void>();
  #watch: WallClockWatch | undefined;
  #looks: NodeJS.Timeout | undefined;

  override nowMs(): number {
    return performance.now();
  }

  override wallMs(): number {
    return Date.now();
  }

  override setTimer(callback: () => void, delayMs: number, name?: string): () => void {
    const dueMs = this.nowMs() + checkedDelayMs(delayMs);
    let timer: NodeJS.Timeout;
    // Node cuts off fractions and counts from the turn of its loop: it may fire a little early.
    const fire = (): void => {
      const leftMs = dueMs - this.nowMs();
      if (leftMs > 0) return arm(leftMs);
      this.timerEnded(name);
      callback();
    };
    const arm = (leftMs: number): void => {
      timer = setTimeout(fire, Math.min(Math.ceil(leftMs), longestTimeoutMs));
      timer.unref();
      this.timerStarted(name, timer);
    };
    arm(delayMs);
    return () => {
      clearTimeout(timer);
      this.timerEnded(name);
    };
  }

  override onWallJump(listener: (aheadMs: number) => void): () => void {
    this.#jumpListeners.add(listener);
    if (this.#looks === undefined) {
      this.#watch = new WallClockWatch(this);
      this.#looks = setInterval(() => this.lookForWallJump(), lookEveryMs);
      this.#looks.unref();
    }
    return () => {
      this.#jumpListeners.delete(listener);
      if (this.#jumpListeners.size > 0) return;
      clearInterval(this.#looks);
      this.#looks = undefined;
    };
  }

  override lookForWallJump(): void {
    if (this.#looks === undefined) return;
    const aheadMs = this.#watch?.look() ?? 0;
    if (aheadMs > 0) for (const listener of this.#jumpListeners) listener(aheadMs);
  }

  /** For a subclass that lists the timers: called for each that is armed. */
  protected timerStarted(_name: string | undefined, _timer: NodeJS.Timeout): void {}

  /** For a subclass that lists the timers: called when one fired or was cancelled. */
  protected timerEnded(_name: string | undefined): void {}
}
