import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { believedEndMs, isRenewalTruncated, leaseDueAtMs, leaseRetryAtMs } from './renewal-schedule.js';

const timing = { fraction: 2 / 3, jitter: 0.1 };

describe('leaseDueAtMs', () => {
  it.each([
    [{ fromMs: 0, expiresAtMs: 30_000 }, 0, 20_000],
    [{ fromMs: 5_000, expiresAtMs: 35_000 }, 0.5, 23_500],
    [{ fromMs: 0, expiresAtMs: 1_000 }, 0, 1_000],
    [{ fromMs: 0, expiresAtMs: 2_764_800_000 }, 0, 1_843_200_000],
  ])('renews the life %j with random %d at %d', (life, random, expected) =>
    expect(leaseDueAtMs(life, timing, random)).toBeCloseTo(expected),
  );

  it('comes before the end of every lease longer than a second, and never within a second of its start', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_500, max: 3e9 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (lifeMs, random) => {
        const dueMs = leaseDueAtMs({ fromMs: 100, expiresAtMs: 100 + lifeMs }, timing, random);
        return dueMs >= 1_100 && dueMs < 100 + lifeMs;
      }),
    );
  });
});

describe('isRenewalTruncated', () => {
  it.each([
    [300_000, 300_000, false],
    [240_000, 300_000, false],
    [239_000, 300_000, true],
    [29_000, 300_000, true],
    [0, 300_000, true],
  ])('takes %i ms for %i asked as %j', (returned, requested, expected) => expect(isRenewalTruncated(returned, requested)).toBe(expected));
});

describe('leaseRetryAtMs', () => {
  it.each([
    [10_000, 4_000, 60_000, 14_000],
    [10_000, 100, 60_000, 11_000],
    [10_000, 30_000, 15_000, 14_000],
    [10_000, 30_000, 12_000, 11_000],
    [10_000, 1_000, 11_999, 11_999],
    [10_000, 30_000, 9_000, 10_000],
  ])('at %i with a delay of %i and an end at %i: %i', (now, delay, end, expected) =>
    expect(leaseRetryAtMs(now, delay, end)).toBe(expected),
  );
});

describe('believedEndMs', () => {
  it.each([
    ['an answer of 0 s while 0.7 s are left is only cut to whole seconds', 10_700, 10_000, 10_700],
    ['an answer of 5 s while 5.999 s are left as well', 15_999, 15_000, 15_999],
    ['an answer that is more than a second short is a shortening', 11_001, 10_000, 10_000],
    ['and so is one that is minutes short', 310_000, 12_000, 12_000],
    ['a later end is an extension', 10_700, 40_000, 40_000],
  ])('%s', (_, knownMs, answeredMs, expected) => expect(believedEndMs(knownMs, answeredMs)).toBe(expected));

  it('is never before the answer, and never more than a second after it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3e9 }), fc.integer({ min: 0, max: 3e9 }), (knownMs, answeredMs) => {
        const endMs = believedEndMs(knownMs, answeredMs);
        return endMs >= answeredMs && endMs <= answeredMs + 1_000;
      }),
    );
  });
});
