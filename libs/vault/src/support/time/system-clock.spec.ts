import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SystemClock } from './system-clock.js';

const dayMs = 86_400_000;

describe('SystemClock', () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2030, 0, 1) }));
  afterEach(() => void vi.useRealTimers());

  it('has the time that people read, and one that only moves on', () => {
    const clock = new SystemClock();
    const startedMs = clock.nowMs();
    expect(clock.wallMs()).toBe(Date.UTC(2030, 0, 1));
    vi.setSystemTime(Date.UTC(2020, 0, 1));
    expect(clock.wallMs()).toBe(Date.UTC(2020, 0, 1));
    expect(clock.nowMs()).toBeGreaterThanOrEqual(startedMs);
  });

  it.each([
    ['an hour', 3_600_000],
    ["the 32 days of Vault's default TTL, longer than a timer can wait", 32 * dayMs],
    ['100 days', 100 * dayMs],
  ])('fires once after %s, and not before', (_, delayMs) => {
    const fired = vi.fn<() => void>();
    new SystemClock().setTimer(fired, delayMs);
    vi.advanceTimersByTime(delayMs - 1);
    expect(fired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2);
    expect(fired).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(200 * dayMs);
    expect(fired).toHaveBeenCalledTimes(1);
  });

  it('does not fire once it was cancelled, also late in a long wait', () => {
    const fired = vi.fn<() => void>();
    const cancel = new SystemClock().setTimer(fired, 32 * dayMs);
    vi.advanceTimersByTime(30 * dayMs);
    cancel();
    vi.advanceTimersByTime(30 * dayMs);
    expect(fired).not.toHaveBeenCalled();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -5, '3000' as unknown as number])('refuses to wait %s ms', (delayMs) => {
    const fired = vi.fn<() => void>();
    expect(() => new SystemClock().setTimer(fired, delayMs)).toThrow('`delayMs` is ');
    vi.advanceTimersByTime(1);
    expect(fired).not.toHaveBeenCalled();
  });

  it('tells within a second that the wall clock has moved ahead, for as long as somebody listens', () => {
    const clock = new SystemClock();
    const heard: number[] = [];
    const stop = clock.onWallJump((aheadMs) => void heard.push(Math.round(aheadMs / 1_000)));
    vi.advanceTimersByTime(10_000);
    vi.setSystemTime(clock.wallMs() + 3_600_000);
    vi.advanceTimersByTime(1_000);
    vi.setSystemTime(clock.wallMs() - 7_200_000);
    vi.advanceTimersByTime(11_000);
    expect(heard).toEqual([3_600]);
    vi.setSystemTime(clock.wallMs() + 60_000);
    clock.lookForWallJump();
    expect(heard).toEqual([3_600, 60]);
    stop();
    vi.setSystemTime(clock.wallMs() + 60_000);
    vi.advanceTimersByTime(10_000);
    expect([heard.length, vi.getTimerCount()]).toEqual([2, 0]);
  });
});
