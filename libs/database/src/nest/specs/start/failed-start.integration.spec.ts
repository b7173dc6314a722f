import { queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SqlRoleSource } from '../../../credentials/sql-role-source.fixture.js';
import { DatabaseApplication } from '../../database-application.fixture.js';
import type { DatabaseModuleOptions } from '../../database-module.options.js';

type Typeorm = DatabaseModuleOptions['typeorm'];

const servers = inject('servers');
const admin = servers.postgres.superuser;
const group = 'nest_failed_start';

beforeAll(() => queryPostgres(admin, `CREATE ROLE ${group}`));
afterAll(() => queryPostgres(admin, `DROP ROLE ${group}`));

/** A query cache in another server, which answers from the try of that number on. */
function cacheFrom(firstTry: number): NonNullable<Typeorm['cache']> {
  let tries = 0;
  const cache = {
    connect: async () => {
      tries += 1;
      if (tries < firstTry) throw new Error(`the cache is away at try ${tries}`);
    },
    disconnect: () => Promise.resolve(),
  };
  return { provider: () => cache } as unknown as NonNullable<Typeorm['cache']>;
}

describe('DatabaseModule, when the query cache of TypeORM cannot be used', () => {
  it.each<[string, Partial<Typeorm>]>([
    ['it is away', { cache: cacheFrom(Infinity) }],
    ['it is away at every try', { cache: cacheFrom(Infinity), retryAttempts: 3, retryDelay: 0 }],
    ['its table is denied', { cache: { type: 'database', tableName: 'nest_failed_start_cache' }, synchronize: true }],
  ])('leaves no session and no user: %s', async (_, typeorm) => {
    const source = new SqlRoleSource({ admin, group });
    await expect(DatabaseApplication.start({ servers, credentials: source, typeorm })).rejects.toThrow(/away|denied/);
    expect(await source.liveRoles()).toEqual([]);
    const sessions = `SELECT 1 FROM pg_stat_activity WHERE usename LIKE 'v\\_${group}\\_%'`;
    await expect.poll(() => queryPostgres(admin, sessions)).toEqual([]);
  });

  it('has one pool, of the try that succeeded', async () => {
    const source = new SqlRoleSource({ admin, group });
    const typeorm = { cache: cacheFrom(3), retryAttempts: 3, retryDelay: 0 };
    await using application = await DatabaseApplication.start({ servers, credentials: source, typeorm });
    expect(await application.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(application.credentials.snapshot().pools).toHaveLength(1);
    expect(await source.liveRoles()).toHaveLength(1);
  });
});
