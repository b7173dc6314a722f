import { queryPostgres } from '@keyturn/dev-services';
import type { Client } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingDataSource } from '../../rotating-data-source.js';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';
import type { RotatingDataSourceOptions } from '../../rotating-data-source-options.js';

type Options = Partial<RotatingDataSourceOptions>;

const admin = inject('servers').postgres.superuser;
const group = 'failed_start';
const hiding = 'failed_start_hiding';

/** Makes the first statement of TypeORM fail, after the validation query. */
const hideVersion = (client: Client): Promise<unknown> => client.query(`SET search_path TO ${hiding}, pg_catalog`);
const brokenVersion = `CREATE FUNCTION ${hiding}.version() RETURNS text LANGUAGE sql AS 'SELECT (1 / 0)::text'`;

beforeAll(() =>
  queryPostgres(admin, `CREATE ROLE ${group}; CREATE SCHEMA ${hiding}; GRANT USAGE ON SCHEMA ${hiding} TO ${group}; ${brokenVersion}`),
);
afterAll(() => queryPostgres(admin, `DROP SCHEMA ${hiding} CASCADE; DROP ROLE ${group}`));

/** A table of its own: other specs make the one with the usual name. */
const cacheTable = { type: 'database', tableName: 'failed_start_cache' } as const;
/** A query cache in another server, which is away. */
const cacheAway = { provider: () => ({ connect: () => Promise.reject(new Error('the cache is away')) }) };

const server = { host: admin.host, port: admin.port, database: admin.database };
/** After the pools have started. The group may create no table. */
const late: [string, string, Options][] = [
  ['the table of the query cache is denied', 'permission denied', { cache: cacheTable, synchronize: true }],
  ['the table of the migrations is denied', 'permission denied', { migrationsRun: true, migrationsTableName: 'failed_start_migrations' }],
  ['the query cache is away', 'the cache is away', { cache: cacheAway as unknown as NonNullable<Options['cache']> }],
  [
    'the query cache is away, with replicas',
    'the cache is away',
    { cache: cacheAway as unknown as NonNullable<Options['cache']>, replication: { master: server, slaves: [server] } },
  ],
  ['its first statement fails', 'division by zero', { extra: { onConnect: hideVersion } }],
];

function build(typeorm: Options): { fixture: RotatingFixture; options: DataSourceOptions } {
  const fixture = new RotatingFixture(admin, group, { typeorm });
  return { fixture, options: fixture.dataSource.options };
}

describe('A data source that cannot start although its pools have', () => {
  it.each(late)('leaves no pool, session and user when %s', async (_, message, typeorm) => {
    const { fixture, options } = build(typeorm);
    await expect(new RotatingDataSource(options).initialize()).rejects.toThrow(message);
    expect(fixture.controller.snapshot().pools).toEqual([]);
    expect(await fixture.source.liveRoles()).toEqual([]);
    await expect.poll(() => fixture.sessions()).toBe(0);
    await fixture.controller.stop();
  });

  it('can start when what it missed is there', async () => {
    let isAway = true;
    const cache = {
      connect: () => (isAway ? Promise.reject(new Error('the cache is away')) : Promise.resolve()),
      disconnect: () => Promise.resolve(),
    };
    const { fixture, options } = build({ cache: { provider: () => cache } as unknown as NonNullable<Options['cache']> });
    const dataSource = new RotatingDataSource(options);
    await expect(dataSource.initialize()).rejects.toThrow('the cache is away');
    isAway = false;
    await dataSource.initialize();
    await expect(dataSource.initialize()).rejects.toThrow('already');
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(fixture.controller.snapshot().pools).toHaveLength(1);
    await dataSource.destroy();
    await fixture.controller.stop();
    expect(await fixture.source.liveRoles()).toEqual([]);
  });

  it('leaves the pools of another one alone', async () => {
    const { fixture, options } = build({ cache: cacheTable });
    await using _ = fixture;
    await fixture.dataSource.initialize();
    const failing = new RotatingDataSource({ ...options, synchronize: true });
    await expect(failing.initialize()).rejects.toThrow('permission denied');
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(fixture.controller.snapshot().pools).toHaveLength(1);
  });
});

describe("TypeORM's own data source", () => {
  it('closes its pools when the table of its query cache is denied, and the next one gets the same user', async () => {
    const { fixture, options } = build({ cache: cacheTable });
    for (let failed = 0; failed < 3; failed += 1) {
      const dataSource = new DataSource({ ...options, synchronize: true });
      await expect(dataSource.initialize()).rejects.toThrow('permission denied');
      expect(fixture.controller.snapshot().pools).toEqual([]);
      await expect.poll(() => fixture.sessions()).toBe(0);
    }
    expect(fixture.source.issued).toHaveLength(1);
    await fixture.controller.stop();
    expect(await fixture.source.liveRoles()).toEqual([]);
  });
});
