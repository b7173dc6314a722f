import { describe, expect, it } from 'vitest';
import { timeLeftStatus, worstStatus } from './time-left.status.js';

describe('timeLeftStatus', () => {
  it.each([
    [100, 100, 'up'],
    [20, 100, 'up'],
    [19, 100, 'degraded'],
    [6, 100, 'degraded'],
    [5, 100, 'down'],
    [0, 100, 'down'],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 'up'],
  ] as const)('with %d ms left of %d ms is %s', (left, ttl, expected) => expect(timeLeftStatus(left, ttl)).toBe(expected));
});

describe('worstStatus', () => {
  it.each([
    [[], 'up'],
    [['up', 'degraded'], 'degraded'],
    [['degraded', 'down', 'up'], 'down'],
  ] as const)('of %j is %s', (statuses, expected) => expect(worstStatus(...statuses)).toBe(expected));
});
