import { SystemClock } from '@keyturn/vault';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { DatabaseCredential } from '../credentials/database-credential.js';
import type { NativePool } from '../driver/native-pool.js';
import { PostgresAdapter } from '../driver/postgres/postgres.adapter.js';
import type { PoolOwner } from './pool-owner.js';
import { RotatingPool } from './rotating-pool.js';

/** Has no credentials for anybody. */
class PoorOwner implements PoolOwner {
  admitted = 0;

  async admit(): Promise<void> {
    this.admitted += 1;
    throw new Error(`no ${this.admitted}`);
  }

  dismiss(): void {}

  catchUp(): void {}

  async loginRejected(): Promise<void> {}

  async roleSuspected(): Promise<void> {}
}

describe('RotatingPool', () => {
  it('starts again for a caller who asks in the callback of a start that failed', async () => {
    const context = { adapter: new PostgresAdapter(pg), owner: new PoorOwner(), clock: new SystemClock(), random: () => 0 };
    const settings = { validationQuery: 'SELECT 1', maxConnections: undefined, outageBudgetMs: undefined };
    const pool = new RotatingPool({}, { ...context, ...settings });
    const second = new Promise<unknown>((resolve) => pool.connect(() => pool.connect(resolve)));
    expect(await second).toMatchObject({ message: 'no 2' });
  });
});

describe('The proof of new credentials', () => {
  it('names the validation query when the log-in succeeds and the query fails', async () => {
    const native: NativePool = {
      idleCount: 0,
      expiredCount: 0,
      physicalCount: 0,
      acquire: (callback) => callback(undefined, {}, () => undefined),
      query: () => Promise.reject(Object.assign(new Error('permission denied for table jobs'), { code: '42501' })),
      isUsable: () => true,
      proveLogin: () => Promise.resolve(),
      terminate: () => Promise.resolve(),
      end: () => Promise.resolve(),
    };
    const adapter = Object.assign(new PostgresAdapter(pg), { openPool: () => native });
    const settings = { validationQuery: 'SELECT 1 FROM jobs', maxConnections: undefined, outageBudgetMs: undefined };
    const pool = new RotatingPool({}, { adapter, owner: new PoorOwner(), clock: new SystemClock(), random: () => 0, ...settings });
    const numbered = { number: 1, credential: new DatabaseCredential({ username: 'u' }) };
    const { signal } = new AbortController();
    await expect(pool.prepare(numbered, { signal, loginRetryMs: 0, warmUntilMs: () => 0 })).rejects.toMatchObject({
      code: 'DATABASE_CONFIGURATION_INVALID',
      setting: 'rotation.validationQuery',
    });
  });
});
