import { describe, expect, it } from 'vitest';
import type { PoolSnapshot } from '../../pool/pool-snapshot.js';
import { rotationHealth } from './rotation-health.js';
import type { RotationSnapshot } from './rotation-snapshot.js';

const pool: PoolSnapshot = {
  target: 'db:5432/app',
  generation: 1,
  max: 10,
  maxConnections: 20,
  inUse: 1,
  idle: 1,
  waiting: 0,
  connections: 2,
  draining: [],
  outage: undefined,
  refusal: undefined,
};
const well: RotationSnapshot = {
  source: 'database/creds/app',
  state: 'serving',
  generation: 1,
  username: 'v-app',
  remainingMs: 50_000,
  lifeMs: 100_000,
  expiresAt: '2026-01-01T00:00:00.000Z',
  endsAtExpiry: true,
  rotating: false,
  rotations: 0,
  failures: 0,
  lastFailure: undefined,
  retiring: 0,
  pools: [pool],
};
const lastFailure = { code: 'VAULT_UNREACHABLE', message: 'away', attempts: 1 };

describe('rotationHealth', () => {
  it.each<[string, Partial<RotationSnapshot>, string]>([
    ['with time left', {}, 'up'],
    ['at the normal moment of a rotation', { remainingMs: 19_000 }, 'up'],
    ['late, although nothing failed', { remainingMs: 9_000 }, 'degraded'],
    ['after a failed rotation', { lastFailure }, 'degraded'],
    ['after a failed rotation and short of time', { lastFailure, remainingMs: 4_000 }, 'down'],
    ['with a static role at its change', { endsAtExpiry: false, remainingMs: 0 }, 'up'],
    ['after the end of the credentials', { state: 'expired', remainingMs: 0 }, 'down'],
    ['before the first connection', { state: 'idle', pools: [] }, 'down'],
    ['with no connection and none to be had', { lastFailure, pools: [{ ...pool, refusal: 'DATABASE_CREDENTIALS_UNAVAILABLE' }] }, 'down'],
    ['with the database away', { pools: [{ ...pool, outage: 'ECONNREFUSED' }] }, 'down'],
  ])('%s', (_, change, expected) => expect(rotationHealth({ ...well, ...change })).toBe(expected));
});
