import type { DemoSnapshot } from './demo-snapshot.js';

/** A snapshot in the middle of a rotation, with anything changed that a spec is about. */
export function demoSnapshot(changed: Partial<DemoSnapshot> = {}): DemoSnapshot {
  return {
    elapsedMs: 42_400,
    plannedMs: 60_000,
    addresses: {
      openbao: 'https://127.0.0.1:8200',
      openbaoSource: '`bao` on the PATH',
      postgres: 'postgres://127.0.0.1:5432/grimoire',
      application: 'http://127.0.0.1:3000',
    },
    health: {
      status: 'ok',
      token: { state: 'authenticated', ttlSeconds: 14 },
      leases: { count: 2, soonestExpirySeconds: 3 },
      database: { generation: 7, credentialTtlSeconds: 4, inUse: 1, waiting: 0, draining: 1 },
    },
    roles: ['v-approle-grimoire-abcdefgh1234-1700000000', 'v-approle-grimoire-ijklmnop5678-1700000009'],
    requests: { ok: 840, failed: 0, perSecond: 20, p50Ms: 2.14, p99Ms: 9.8 },
    rotations: 6,
    renewals: 9,
    logIns: 1,
    events: [
      { kind: 'renewal', atMs: 30_000, text: 'Token renewed; it lives 20 s.' },
      { kind: 'rotation', atMs: 41_000, text: 'Generation 7 took over.' },
    ],
    ...changed,
  };
}
