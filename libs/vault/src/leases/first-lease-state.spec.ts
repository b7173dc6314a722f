import { describe, expect, it } from 'vitest';
import { firstLeaseState } from './first-lease-state.js';
import type { LeaseState } from './tracked/lease-state.js';

const timing = { fraction: 0.5, jitter: 0 };

describe('A lease of a minute', () => {
  it.each<[string, boolean, number | undefined, LeaseState]>([
    [
      'that is renewable begins as renewed at its due time',
      true,
      undefined,
      { kind: 'renewing', expiresAtMs: 60_000, dueAtMs: 30_000, failures: 0 },
    ],
    ['that is not begins as ending, announced then', false, undefined, { kind: 'ending', expiresAtMs: 60_000, announceAtMs: 30_000 }],
    ['whose token ends with it begins as ending', true, 60_000, { kind: 'ending', expiresAtMs: 60_000, announceAtMs: 54_000 }],
    ['whose token lives longer is renewed', true, 90_000, { kind: 'renewing', expiresAtMs: 60_000, dueAtMs: 30_000, failures: 0 }],
  ])('%s', (_, renewable, tokenEndMs, expected) => {
    const grant = { fromMs: 0, receivedAtMs: 0, expiresAtMs: 60_000, renewable };
    expect(firstLeaseState(grant, { timing, random: () => 0, tokenEndMs })).toEqual(expected);
  });
});
