import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MintBudget } from './mint-budget.js';

describe('MintBudget', () => {
  it('lets three fail in a minute, and the next when the first is a minute old', () => {
    const budget = new MintBudget(3, 60_000);
    for (const atMs of [0, 1_000, 2_000]) {
      expect(budget.availableAtMs(atMs)).toBe(atMs);
      budget.spend(atMs);
    }
    expect(budget.availableAtMs(3_000)).toBe(60_000);
    expect(budget.availableAtMs(60_000)).toBe(60_000);
  });

  it('never allows more than its limit in any window, however it is asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 60 }), (limit, pausesMs) => {
        const budget = new MintBudget(limit, 60_000);
        const spentAtMs: number[] = [];
        let nowMs = 0;
        for (const pauseMs of pausesMs) {
          nowMs += pauseMs;
          if (budget.availableAtMs(nowMs) > nowMs) continue;
          budget.spend(nowMs);
          spentAtMs.push(nowMs);
        }
        for (const endMs of spentAtMs)
          expect(spentAtMs.filter((atMs) => atMs <= endMs && endMs - atMs < 60_000).length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
