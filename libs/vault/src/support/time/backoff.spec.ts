import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.js';

describe('backoffMs', () => {
  const options = { initialMs: 1_000, maxMs: 30_000, jitter: 0.25 };

  it.each([
    [1, 0, 1_000],
    [2, 0, 2_000],
    [5, 0, 16_000],
    [6, 0, 30_000],
    [1_000, 0, 30_000],
    [1, 0.5, 875],
  ])('waits before try %i with random %d: %i ms', (attempt, random, expected) => {
    expect(backoffMs(attempt, options, random)).toBe(expected);
  });

  it('never waits longer than the maximum nor less than the jittered first delay', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const delay = backoffMs(attempt, options, random);
        return delay <= 30_000 && delay >= 750;
      }),
    );
  });
});
