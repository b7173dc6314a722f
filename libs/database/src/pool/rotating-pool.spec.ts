import { SystemClock } from '@keyturn/vault';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
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
