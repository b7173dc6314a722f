import { describe, expect, it } from 'vitest';
import { planShutdown, revokeUntilMs } from './shutdown-plan.js';

describe('planShutdown', () => {
  it.each([
    [10_000, { quietUntilMs: 7_000, poolsUntilMs: 9_000, endMs: 10_000 }],
    [1_000, { quietUntilMs: 700, poolsUntilMs: 900, endMs: 1_000 }],
    [60_000, { quietUntilMs: 42_000, poolsUntilMs: 59_000, endMs: 60_000 }],
    [0, { quietUntilMs: 0, poolsUntilMs: 0, endMs: 0 }],
  ])('divides %d ms', (shutdownMs, expected) => expect(planShutdown(0, shutdownMs)).toEqual(expected));

  it('leaves half a second for the revocation when all the time is used up', () => {
    expect(revokeUntilMs(planShutdown(0, 10_000), 8_000)).toBe(10_000);
    expect(revokeUntilMs(planShutdown(0, 10_000), 30_000)).toBe(30_500);
  });
});
