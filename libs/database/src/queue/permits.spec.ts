import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../vault/src/testing/manual-clock.js';
import { Permits } from './permits.js';

describe('Permits', () => {
  it('are free up to the most connections in use', () => {
    const permits = new Permits(2, new ManualClock());
    permits.take();
    expect(permits.hasFree).toBe(true);
    permits.take();
    expect(permits.hasFree).toBe(false);
    permits.giveBack();
    expect([permits.hasFree, permits.inUse]).toEqual([true, 1]);
  });

  it('are free again when all who hold them have let go, each of whom counts once', () => {
    const permits = new Permits(1, new ManualClock());
    const [first, second] = [permits.hold(() => undefined), permits.withhold(() => undefined)];
    first();
    first();
    expect(permits.hasFree).toBe(false);
    second();
    expect(permits.hasFree).toBe(true);
  });

  it('know until when they were withheld', async () => {
    const clock = new ManualClock();
    const permits = new Permits(1, clock);
    expect(permits.withheldUntilMs()).toBe(Number.NEGATIVE_INFINITY);
    const resume = permits.withhold(() => undefined);
    await clock.advance(700);
    expect(permits.withheldUntilMs()).toBe(clock.nowMs());
    resume();
    const resumedAtMs = clock.nowMs();
    await clock.advance(100);
    resume();
    expect(permits.withheldUntilMs()).toBe(resumedAtMs);
  });

  it('tell who held them that they are free only once they are', () => {
    const permits = new Permits(1, new ManualClock());
    const seen: boolean[] = [];
    permits.withhold(() => void seen.push(permits.hasFree))();
    expect(seen).toEqual([true]);
  });
});
