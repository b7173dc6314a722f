import { describe, expect, it } from 'vitest';
import { outageAfterFailure, outageExceeds, outagePauseMs, type Outage } from './outage.js';

describe('an outage', () => {
  const once = outageAfterFailure(undefined, 1_000, 'ECONNREFUSED');

  it('begins with the first failure and keeps its beginning', () => {
    expect(outageAfterFailure(once, 5_000, '57P03')).toEqual({ sinceMs: 1_000, tries: 2, reason: '57P03' });
  });

  it.each([
    [1, 50],
    [2, 100],
    [5, 800],
    [6, 1_000],
    [60, 1_000],
  ])('is tried again after its try %d in %d ms', (tries, expected) => {
    const outage: Outage = { sinceMs: 0, tries, reason: '57P03' };
    expect(outagePauseMs(outage, 0)).toBe(expected);
    expect(outagePauseMs(outage, 0.999)).toBeGreaterThan(expected * 0.75);
  });

  it('is told to callers when it lasts as long as the budget', () => {
    expect(outageExceeds(once, 10_999, 10_000)).toBe(false);
    expect(outageExceeds(once, 11_000, 10_000)).toBe(true);
  });
});
