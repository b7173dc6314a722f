import { describe, expect, it } from 'vitest';
import { ProbeRateLimit } from './probe-rate-limit.js';

/** @returns when log-ins were made that somebody wanted each `everyMs` */
function spend(pace: ProbeRateLimit, fromMs: number, toMs: number, everyMs: number): readonly number[] {
  const spentAtMs: number[] = [];
  for (let nowMs = fromMs; nowMs < toMs; nowMs += everyMs) {
    if (pace.dueAtMs(nowMs) > nowMs) continue;
    pace.spend(nowMs);
    spentAtMs.push(nowMs);
  }
  return spentAtMs;
}

describe('ProbeRateLimit', () => {
  it('lets five pass at once, then one a second', () => {
    const spentAtMs = spend(new ProbeRateLimit(), 0, 10_000, 100);
    expect(spentAtMs.slice(0, 8)).toEqual([0, 100, 200, 300, 400, 1_000, 2_000, 3_000]);
    expect(spentAtMs).toHaveLength(5 + 9);
  });

  it('has five again after five quiet seconds, and not more after ten', () => {
    const pace = new ProbeRateLimit();
    spend(pace, 0, 1_000, 100);
    expect(spend(pace, 6_000, 6_900, 100)).toHaveLength(5);
    expect(spend(pace, 20_000, 20_900, 100)).toHaveLength(5);
  });

  it('is due within a second, however many log-ins are wanted', () => {
    const pace = new ProbeRateLimit();
    spend(pace, 0, 5_000, 10);
    expect(pace.dueAtMs(5_000)).toBeLessThanOrEqual(6_000);
  });
});
