import pg from 'pg';
import { expect, inject, it } from 'vitest';
import { DatabaseCredential } from '../../credentials/database-credential.js';
import type { GiveBack, NativePool } from '../native-pool.js';
import { PostgresAdapter } from './postgres.adapter.js';

const { user: username, password, ...server } = inject('servers').postgres.superuser;

function acquire(pool: NativePool): Promise<GiveBack> {
  return new Promise((resolve, reject) => {
    pool.acquire((error, _connection, giveBack) => (giveBack === undefined ? reject(error) : resolve(giveBack)));
  });
}

it('has no idle connection, and not less than none, for callers that come in one tick', async () => {
  const listener = {
    connectionOpened: () => undefined,
    idleFailed: () => undefined,
    connectionClosed: () => undefined,
    statementRefused: () => undefined,
  };
  const pool = new PostgresAdapter(pg).openPool(server, new DatabaseCredential({ username, password }), listener);
  (await acquire(pool))();
  expect(pool.idleCount).toBe(1);
  const callers = [1, 2, 3].map(() => acquire(pool));
  expect(pool.idleCount).toBe(0);
  for (const giveBack of await Promise.all(callers)) giveBack();
  await pool.end();
});
