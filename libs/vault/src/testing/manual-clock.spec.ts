import { describe, expect, it } from 'vitest';
import { ManualClock } from './manual-clock.js';

describe('ManualClock', () => {
  it('stands still, by both of its times, until it is moved', async () => {
    const clock = new ManualClock();
    const times = (): number[] => [clock.nowMs(), clock.wallMs()];
    expect(times()).toEqual([0, 0]);
    await clock.advance(1_500);
    expect(times()).toEqual([1_500, 1_500]);
  });

  it('stands still while time passes: what fell due meanwhile fires late, in the order in which it was due', async () => {
    const clock = new ManualClock();
    const fired: [string, number][] = [];
    clock.setTimer(() => fired.push(['second', clock.nowMs()]), 200);
    clock.setTimer(() => fired.push(['first', clock.nowMs()]), 100);
    clock.standStill(1_000);
    expect(fired).toEqual([]);
    await clock.advance(0);
    expect(fired).toEqual([
      ['first', 1_000],
      ['second', 1_000],
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('refuses to wait %s ms', (delayMs) => {
    expect(() => new ManualClock().setTimer(() => undefined, delayMs)).toThrow('`delayMs` is ');
  });

  it('jumps with the wall clock alone, and tells who listens when it was ahead', async () => {
    const clock = new ManualClock();
    const heard: number[] = [];
    const stop = clock.onWallJump((aheadMs) => void heard.push(aheadMs));
    await clock.jump(60_000);
    await clock.jump(-10_000);
    stop();
    await clock.jump(1_000);
    expect([clock.nowMs(), clock.wallMs(), heard]).toEqual([0, 51_000, [60_000]]);
  });

  it('fires timers in their order, each at its time, also those that others set', async () => {
    const clock = new ManualClock();
    const fired: [string, number][] = [];
    const note = (name: string): void => void fired.push([name, clock.nowMs()]);
    clock.setTimer(() => note('late'), 300);
    clock.setTimer(() => {
      note('early');
      clock.setTimer(() => note('nested'), 50);
    }, 100);
    const cancel = clock.setTimer(() => note('never'), 200);
    cancel();
    expect(clock.pending).toBe(2);
    await clock.advance(1_000);
    expect(fired).toEqual([
      ['early', 100],
      ['nested', 150],
      ['late', 300],
    ]);
    expect(clock.pending).toBe(0);
  });
});
