import { describe, expect, it } from 'vitest';
import { WallClockWatch } from './wall-clock-watch.js';

describe('WallClockWatch', () => {
  it.each([
    ['a suspend of a minute', { nowMs: 10, wallMs: 60_010 }, 60_000],
    ['time that passes', { nowMs: 60_000, wallMs: 60_000 }, 0],
    ['a correction of less than a second', { nowMs: 10, wallMs: 1_009 }, 0],
    ['a clock that is set back', { nowMs: 10, wallMs: -3_600_000 }, 0],
  ])('says of %s how far the wall clock moved ahead', (_, moved, expected) => {
    const time = { now: 0, wall: 0, nowMs: () => time.now, wallMs: () => time.wall };
    const watch = new WallClockWatch(time);
    [time.now, time.wall] = [moved.nowMs, moved.wallMs];
    expect(watch.look()).toBe(expected);
    expect(watch.look()).toBe(0);
  });

  it('tells each jump by itself, also after the clock was set back', () => {
    const time = { now: 0, wall: 0, nowMs: () => time.now, wallMs: () => time.wall };
    const watch = new WallClockWatch(time);
    const told = [5_000, -100_000, 2_000].map((jumpMs) => {
      time.wall += jumpMs;
      return watch.look();
    });
    expect(told).toEqual([5_000, 0, 2_000]);
  });
});
