import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerUntilMs,
  drainDeadline,
  dueAfterJumpMs,
  rotationDueMs,
  scarceFromMs,
  warmUpUntilMs,
  type Life,
} from './rotation-schedule.js';

const leased = (lifeMs: number, extendable = true): Life => ({ issuedAtMs: 0, expiresAtMs: lifeMs, atExpiry: 'unusable', extendable });
const options = { atFraction: 0.8, jitter: 0.1, drainMs: 30_000, random: 0 };

describe('rotationDueMs', () => {
  it.each([
    ['a lease of an hour that is renewed', leased(3_600_000), 2_880_000],
    ['a lease of a minute that is renewed', leased(60_000), 48_000],
    ['a lease of an hour that cannot be renewed', leased(3_600_000, false), 2_880_000],
    ['a lease of a minute that cannot be renewed: early enough to drain', leased(60_000, false), 30_000],
    ['a lease of 2 minutes that cannot be renewed', leased(120_000, false), 89_000],
    ['a lease of 2 s that cannot be renewed: not before half of its life', leased(2_000, false), 1_000],
  ])('for %s', (_, life, expected) => expect(rotationDueMs(life, options)).toBe(expected));

  it.each([
    ['a minute, which are accepted after 10 s: time for that and for the drain', 60_000, 10_000, 5_000, 41_500],
    ['a minute, which are accepted after 30 s: time for that, and what is left for the drain', 60_000, 30_000, 30_000, 21_500],
    ['12 s, which are accepted after 4 s', 12_000, 4_000, 500, 6_000],
    ['2 s, which are accepted after 10 s: not before a quarter of their life', 2_000, 10_000, 0, 500],
    ['an hour, which are accepted after 10 s: at the usual share', 3_600_000, 10_000, 30_000, 2_880_000],
  ])('leaves, of a life of %s', (_, lifeMs, leadMs, drainMs, expected) => {
    expect(rotationDueMs(leased(lifeMs, false), { ...options, leadMs, drainMs })).toBe(expected);
  });

  it('waits for the change of a static role, without jitter', () => {
    const life: Life = { issuedAtMs: 0, expiresAtMs: 60_000, atExpiry: 'replaced', extendable: false };
    expect(rotationDueMs(life, { ...options, random: 0.99 })).toBe(60_050);
  });

  it('moves by chance to an earlier time and never to a later one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_000_000_000 }),
        fc.boolean(),
        fc.double({ min: 0.1, max: 0.95, noNaN: true }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.integer({ min: 0, max: 86_400_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (lifeMs, extendable, atFraction, jitter, drainMs, random) => {
          const life = leased(lifeMs, extendable);
          const latest = rotationDueMs(life, { atFraction, jitter, drainMs, random: 0 });
          const due = rotationDueMs(life, { atFraction, jitter, drainMs, random });
          expect(due).toBeLessThanOrEqual(latest);
          expect(due).toBeGreaterThanOrEqual(latest * (1 - jitter) - 1e-6);
          expect(latest).toBeLessThanOrEqual(lifeMs * atFraction);
        },
      ),
    );
  });
});

describe('drainDeadline', () => {
  it.each([
    ['the drain time while there is life enough', { expiresAtMs: 3_600_000, atExpiry: 'unusable' as const }, 30_000],
    ['up to a second before the end', { expiresAtMs: 20_000, atExpiry: 'unusable' as const }, 19_000],
    ['a tenth of what is left before a near end', { expiresAtMs: 5_000, atExpiry: 'unusable' as const }, 4_500],
    ['a second at the end', { expiresAtMs: 0, atExpiry: 'unusable' as const }, 1_000],
    ['the drain time for a static role, whose sessions live on', { expiresAtMs: 0, atExpiry: 'replaced' as const }, 30_000],
  ])('gives %s', (_, life, expected) =>
    expect(drainDeadline(life, 0, 30_000)).toEqual({ atMs: expected, limit: expected < 30_000 ? 'credentials-end' : 'drain-time' }),
  );
});

describe('warmUpUntilMs', () => {
  it.each([
    ['a quarter of a short rest', 4_000, false, 1_000],
    ['two seconds at most', 3_600_000, false, 2_000],
    ['nothing when callers wait', 3_600_000, true, 0],
  ])('spends %s', (_, expiresAtMs, urgent, expected) =>
    expect(warmUpUntilMs({ expiresAtMs, atExpiry: 'unusable' }, 0, urgent)).toBe(expected),
  );
});

describe('scarceFromMs', () => {
  it.each([
    ['a fifth before the end of a long life', 3_600_000, 'unusable', 30_000, 2_880_000],
    ['early enough to drain', 60_000, 'unusable', 20_000, 39_000],
    ['not in the first half of a life that is shorter than its drain', 4_000, 'unusable', 30_000, 2_000],
    ['a fifth before the end where nothing is to be drained', 10_000, 'unusable', 0, 8_000],
    ['when the password of a static role has changed', 60_000, 'replaced', 30_000, 60_000],
  ] as const)('is %s', (_, expiresAtMs, atExpiry, drainMs, expected) =>
    expect(scarceFromMs({ issuedAtMs: 0, expiresAtMs, atExpiry }, drainMs)).toBe(expected),
  );
});

describe('answerUntilMs', () => {
  it.each([
    ['a second before the end of a long life', 3_600_000, 'unusable', 0, 3_599_000],
    ['a tenth before the end of a short one', 4_000, 'unusable', 2_000, 3_600],
    ['as long as a try takes once they have ended', 4_000, 'unusable', 5_000, Infinity],
    ['as long as a try takes for a static role', 60_000, 'replaced', 0, Infinity],
  ] as const)('is %s', (_, expiresAtMs, atExpiry, nowMs, expected) =>
    expect(answerUntilMs({ issuedAtMs: 0, expiresAtMs, atExpiry }, nowMs)).toBe(expected),
  );
});

describe('dueAfterJumpMs', () => {
  const life = { issuedAtMs: 1_000, expiresAtMs: 601_000, atExpiry: 'unusable', extendable: false } as const;
  it.each([
    ['sooner by the jump', life, 481_000, 60_000, 421_000],
    ['not within seconds of the issue, however far the jump', life, 481_000, 3_600_000, 6_000],
    ['of a short life not before two fifths of it', { ...life, expiresAtMs: 5_000 }, 3_000, 3_600_000, 2_600],
    ['never later than it was', { ...life, expiresAtMs: 5_000 }, 2_000, 3_600_000, 2_000],
    ['as it was where the renewal tells the end', { ...life, extendable: true }, 481_000, 60_000, 481_000],
    ['as it was for a static role, which works on', { ...life, atExpiry: 'replaced' } as const, 601_050, 60_000, 601_050],
  ])('is %s', (_, of, dueMs, aheadMs, expected) => expect(dueAfterJumpMs(of, dueMs, aheadMs)).toBe(expected));
});

/** One row for each kind of life, one column for each moment that the schedule reckons. The drain takes half a minute. */
describe('The moments of a life', () => {
  const fixed = (lifeMs: number): Life => leased(lifeMs, false);
  const changed: Life = { issuedAtMs: 0, expiresAtMs: 60_000, atExpiry: 'replaced', extendable: false };

  it.each([
    { is: 'an hour that is renewed', life: leased(3_600_000), due: 2_880_000, scarce: 2_880_000, answer: 3_599_000, drained: 2_910_000 },
    { is: 'an hour with a fixed end', life: fixed(3_600_000), due: 2_880_000, scarce: 2_880_000, answer: 3_599_000, drained: 2_910_000 },
    { is: 'a minute that is renewed', life: leased(60_000), due: 48_000, scarce: 30_000, answer: 59_000, drained: 59_000 },
    { is: 'a minute with a fixed end', life: fixed(60_000), due: 30_000, scarce: 30_000, answer: 59_000, drained: 59_000 },
    { is: 'two seconds that are renewed', life: leased(2_000), due: 1_600, scarce: 1_000, answer: 1_800, drained: 2_600 },
    { is: 'two seconds with a fixed end', life: fixed(2_000), due: 1_000, scarce: 1_000, answer: 1_800, drained: 2_000 },
    { is: 'a minute of a static role', life: changed, due: 60_050, scarce: 60_000, answer: Infinity, drained: 90_050 },
  ])('$is: due, scarce, no answer awaited, drained', ({ life, due, scarce, answer, drained }) => {
    expect(rotationDueMs(life, options)).toBe(due);
    expect(scarceFromMs(life, options.drainMs)).toBe(scarce);
    expect(answerUntilMs(life, 0)).toBe(answer);
    expect(drainDeadline(life, due, options.drainMs).atMs).toBe(drained);
  });
});
