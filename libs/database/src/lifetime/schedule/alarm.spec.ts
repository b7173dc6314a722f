import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../vault/src/testing/manual-clock.js';
import { Alarm } from './alarm.js';

let clock: ManualClock;
let rungAtMs: number[];
let alarm: Alarm;

beforeEach(() => {
  clock = new ManualClock();
  rungAtMs = [];
  alarm = new Alarm({ clock, onRing: (atMs) => rungAtMs.push(atMs) });
});

describe('Alarm', () => {
  it('rings once, at the last moment that was set', async () => {
    alarm.set(100);
    alarm.set(300);
    await clock.advance(1_000);
    expect(rungAtMs).toEqual([300]);
  });

  it('rings when it is asked to catch up, and not a second time when its timer fires late', async () => {
    alarm.set(100);
    alarm.catchUp();
    expect(rungAtMs).toEqual([]);
    clock.standStill(5_000);
    alarm.catchUp();
    expect(rungAtMs).toEqual([100]);
    await clock.advance(1_000);
    expect(rungAtMs).toEqual([100]);
  });

  it.each([
    ['cleared', () => alarm.clear()],
    ['set to never', () => alarm.set(Number.POSITIVE_INFINITY)],
  ])('leaves no timer when it is %s', (_, quieten) => {
    alarm.set(100);
    quieten();
    clock.standStill(5_000);
    alarm.catchUp();
    expect(rungAtMs).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
