import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WallClockWatch, type TimeSource } from './wall-clock-watch.js';

class Time implements TimeSource {
  now = 0;
  wall = 0;
  /** Of the monotonic clock. */
  reads = 0;

  nowMs(): number {
    this.reads += 1;
    return this.now;
  }

  wallMs(): number {
    return this.wall;
  }
}

function stage(): { readonly time: Time; readonly watch: WallClockWatch } {
  const time = new Time();
  return { time, watch: new WallClockWatch(time) };
}

/** Lets `passMs` pass while the wall clock jumps by `jumpMs`. @returns what a look says then */
function after(time: Time, passMs: number, jumpMs: number, watch: WallClockWatch): number {
  time.now += passMs;
  time.wall += passMs + jumpMs;
  return watch.look();
}

describe('WallClockWatch', () => {
  it.each([
    ['a suspend of a minute', { nowMs: 10, wallMs: 60_010 }, 60_000],
    ['time that passes', { nowMs: 60_000, wallMs: 60_000 }, 0],
    ['a correction of less than a second', { nowMs: 10, wallMs: 1_009 }, 0],
    ['a clock that is set back', { nowMs: 10, wallMs: -3_600_000 }, 0],
  ])('says of %s how far the wall clock moved ahead', (_, moved, expected) => {
    const { time, watch } = stage();
    [time.now, time.wall] = [moved.nowMs, moved.wallMs];
    expect(watch.look()).toBe(expected);
    expect(watch.look()).toBe(0);
  });

  it('tells each jump by itself', () => {
    const { time, watch } = stage();
    expect([5_000, 1_000, 60_000].map((jumpMs) => after(time, 1_000, jumpMs, watch))).toEqual([5_000, 1_000, 60_000]);
  });

  it('counts from where the clock was set back to, once it has kept to that', () => {
    const { time, watch } = stage();
    for (const jumpMs of [-100_000, ...Array.from({ length: 10 }, () => 0)]) expect(after(time, 1_000, jumpMs, watch)).toBe(0);
    expect(after(time, 1_000, 2_000, watch)).toBe(2_000);
  });

  it('tells once of a clock that jumps ahead and back every second', () => {
    const { time, watch } = stage();
    const told = Array.from({ length: 120 }, (_, second) => after(time, 1_000, second % 2 === 0 ? 5_000 : -5_000, watch));
    expect(told.filter((aheadMs) => aheadMs > 0)).toEqual([5_000]);
  });

  it('misses no jump and makes none up, however often it looks', () => {
    const step = fc.record({
      passMs: fc.integer({ min: 0, max: 3_000 }),
      jumpMs: fc.oneof(fc.constant(0), fc.integer({ min: 2_000, max: 9_000 })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { time, watch } = stage();
        for (const { passMs, jumpMs } of steps) expect(after(time, passMs, jumpMs, watch)).toBe(jumpMs);
      }),
    );
  });

  it('reads one clock where less than a second has passed', () => {
    const { time, watch } = stage();
    time.reads = 0;
    for (let look = 0; look < 999; look += 1) after(time, 1, 0, watch);
    expect(time.reads).toBe(0);
  });
});
