import { describe, expect, it } from 'vitest';
import { healthFactsOf } from './read-health.js';

const ANSWER = {
  status: 'ok',
  info: {},
  error: {},
  details: {
    vault: { status: 'up', state: 'authenticated', authMethod: 'approle', tokenTtlSeconds: 14, sealed: false },
    leases: { status: 'up', count: 1, soonestExpirySeconds: 5, failing: 0 },
    database: {
      status: 'up',
      state: 'serving',
      generation: 3,
      credentialTtlSeconds: 5,
      rotations: 2,
      inUse: 1,
      idle: 2,
      waiting: 0,
      draining: 1,
    },
  },
};

describe('healthFactsOf', () => {
  it('reads token, leases and pool', () => {
    expect(healthFactsOf(JSON.stringify(ANSWER))).toEqual({
      status: 'ok',
      token: { state: 'authenticated', ttlSeconds: 14 },
      leases: { count: 1, soonestExpirySeconds: 5 },
      database: { generation: 3, credentialTtlSeconds: 5, inUse: 1, waiting: 0, draining: 1 },
    });
  });

  it('takes a part that is not there, or is not known yet, as unknown', () => {
    const details = { vault: { state: 'idle', tokenTtlSeconds: null }, database: { generation: null } };
    expect(healthFactsOf(JSON.stringify({ status: 'error', details }))).toEqual({
      status: 'error',
      token: { state: 'idle', ttlSeconds: undefined },
      leases: undefined,
      database: undefined,
    });
  });

  it.each(['', '<html>', 'null', '[]', '{}'])('finds nothing in %j', (text) => expect(healthFactsOf(text)).toBeUndefined());
});
