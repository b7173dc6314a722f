import { Clock } from '@keyturn/vault';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sleep } from './sleep.js';

/** A clock whose timers fire when the spec says so, and which, like the machine's, keeps no process alive. */
class HeldClock extends Clock {
  fire: () => void = () => undefined;
  readonly cancel = vi.fn<() => void>();

  override nowMs(): number {
    return 0;
  }

  override wallMs(): number {
    return 0;
  }

  override setTimer(callback: () => void): () => void {
    this.fire = callback;
    return this.cancel;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('sleep', () => {
  it('keeps the process alive until the clock fires, however late that is', async () => {
    const clock = new HeldClock();
    const slept = sleep(clock, 10);
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(1);
    clock.fire();
    await slept;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends with the reason of the signal and leaves no timer', async () => {
    const clock = new HeldClock();
    const patience = new AbortController();
    const slept = sleep(clock, 10, patience.signal);
    patience.abort(new Error('no longer'));
    await expect(slept).rejects.toThrow('no longer');
    expect(clock.cancel).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('does not wait %s ms, and keeps no process alive for it', async (delayMs) => {
    await expect(sleep(new HeldClock(), delayMs)).rejects.toThrow('`delayMs` is ');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not begin when the signal has been aborted', async () => {
    await expect(sleep(new HeldClock(), 10, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    expect(vi.getTimerCount()).toBe(0);
  });
});
