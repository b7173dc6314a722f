import { checkedDelayMs } from './checked-ms.js';
import { Clock } from './clock.js';

const longestTimeoutMs = 2 ** 31 - 1;

/** The clock of the machine. Its timers do not keep the process alive. */
export class SystemClock extends Clock {
  override nowMs(): number {
    return performance.now();
  }

  override wallMs(): number {
    return Date.now();
  }

  override setTimer(callback: () => void, delayMs: number, name?: string): () => void {
    const dueMs = this.nowMs() + checkedDelayMs(delayMs);
    let timer: NodeJS.Timeout;
    const fire = (): void => {
      this.timerEnded(name);
      callback();
    };
    const arm = (): void => {
      const leftMs = Math.max(0, dueMs - this.nowMs());
      timer = setTimeout(leftMs > longestTimeoutMs ? arm : fire, Math.min(leftMs, longestTimeoutMs));
      timer.unref();
      this.timerStarted(name, timer);
    };
    arm();
    return () => {
      clearTimeout(timer);
      this.timerEnded(name);
    };
  }

  /** For a subclass that lists the timers: called for each that is armed. */
  protected timerStarted(_name: string | undefined, _timer: NodeJS.Timeout): void {}

  /** For a subclass that lists the timers: called when one fired or was cancelled. */
  protected timerEnded(_name: string | undefined): void {}
}
