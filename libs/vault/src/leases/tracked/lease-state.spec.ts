import { describe, expect, it } from 'vitest';
import { wakeAtMs, type LeaseState } from './lease-state.js';

describe('wakeAtMs', () => {
  it.each<[string, LeaseState, number]>([
    ['one that is due', { kind: 'renewing', dueAtMs: 20, expiresAtMs: 30, failures: 0 }, 20],
    ['one whose end comes before it is due', { kind: 'renewing', dueAtMs: 40, expiresAtMs: 30, failures: 0 }, 30],
    ['one that ends', { kind: 'ending', expiresAtMs: 30 }, 30],
    ['one whose end is to be announced', { kind: 'ending', expiresAtMs: 30, announceAtMs: 20 }, 20],
    ['one that has ended: never', { kind: 'ended', expiresAtMs: 30 }, Number.POSITIVE_INFINITY],
  ])('is when to look at %s', (_, state, expected) => expect(wakeAtMs(state)).toBe(expected));
});
