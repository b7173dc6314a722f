import { describe, expect, it } from 'vitest';
import { SystemClock } from './system-clock.js';

/** Keeps the loop of the event loop behind the clock, as work of the application does. */
function workMs(durationMs: number): void {
  const untilMs = performance.now() + durationMs;
  while (performance.now() < untilMs);
}

describe('A timer of the machine, which Node fires up to a few milliseconds early', () => {
  it('is never early here: who looks at the clock then finds that the time has come', async () => {
    const clock = new SystemClock();
    const earlyMs = await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        if (index % 20 === 0) workMs(3);
        const dueMs = clock.nowMs() + 1 + index * 0.37;
        return new Promise<number>((resolve) => {
          clock.setTimer(() => resolve(Math.max(0, dueMs - clock.nowMs())), dueMs - clock.nowMs());
        });
      }),
    );
    // Sums of fractions are exact to a billionth of that.
    expect(earlyMs.filter((ms) => ms > 0.000_1)).toEqual([]);
  });
});
