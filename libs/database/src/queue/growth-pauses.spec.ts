import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../vault/src/testing/manual-clock.js';
import { GrowthPauses } from './growth-pauses.js';

describe('GrowthPauses', () => {
  it('are over when the last of them is, and tell of each', async () => {
    const clock = new ManualClock();
    const seen: boolean[] = [];
    const pauses = new GrowthPauses(clock, () => seen.push(pauses.areRunning));
    void pauses.forMs(100);
    void pauses.forMs(300);
    await clock.advance(100);
    expect([pauses.areRunning, seen]).toEqual([true, [true]]);
    await clock.advance(200);
    expect([pauses.areRunning, seen]).toEqual([false, [true, false]]);
  });

  it('end when what they wait for fails', async () => {
    const pauses = new GrowthPauses(new ManualClock(), () => undefined);
    await pauses.during(Promise.reject(new Error('away')));
    expect(pauses.areRunning).toBe(false);
  });

  it('end at once when the pool stops, those that begin later as well', async () => {
    const pauses = new GrowthPauses(new ManualClock(), () => undefined);
    const before = pauses.forMs(1_000);
    pauses.stop(new Error('closed'));
    await before;
    await pauses.forMs(1_000);
    expect(pauses.areRunning).toBe(false);
  });
});
