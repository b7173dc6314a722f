import { beforeEach, describe, expect, it } from 'vitest';
import { ExtensionLimit } from './extension-limit.js';
import type { Life } from './rotation-schedule.js';

const options = { atFraction: 0.8, jitter: 0, drainMs: 0, random: 0 };
const life = (issuedAtMs: number, expiresAtMs: number): Life => ({ issuedAtMs, expiresAtMs, atExpiry: 'unusable', extendable: true });
let limit: ExtensionLimit;

beforeEach(() => {
  limit = new ExtensionLimit();
  limit.began(life(0, 100_000));
});

describe('ExtensionLimit', () => {
  it('counts on the source until it has extended no more', () => {
    expect(limit.counted(life(0, 100_000)).extendable).toBe(true);
    expect(limit.dueMs(life(900_000, 1_000_000), options)).toBe(980_000);
  });

  it.each([
    ['never extended: their end is fixed', 124_999, false],
    ['extended before: only their last moment is known', 125_000, true],
  ])('learns from credentials that were %s', (_, endMs, extendable) => {
    limit.reached(life(90_000, endMs));
    limit.began(life(500_000, 600_000));
    expect(limit.counted(life(500_000, 600_000)).extendable).toBe(extendable);
  });

  it('replaces the next ones before the longest life, counted from their birth', () => {
    limit.reached(life(200_000, 300_000));
    limit.began(life(500_000, 600_000));
    expect(limit.dueMs(life(500_000, 600_000), options)).toBe(580_000);
    expect(limit.dueMs(life(730_000, 800_000), options)).toBe(786_000);
    expect(limit.dueMs(life(730_000, 800_000), { ...options, leadMs: 40_000 })).toBe(749_000);
  });

  it('believes an end that is later than the limit', () => {
    limit.reached(life(0, 100_000));
    expect(limit.dueMs(life(400_000, 500_000), options)).toBe(480_000);
  });
});
