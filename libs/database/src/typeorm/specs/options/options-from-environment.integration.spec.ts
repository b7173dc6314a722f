import { queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'environment_options';

beforeAll(async () => {
  await queryPostgres(admin, `CREATE ROLE ${group}`);
});
afterAll(async () => {
  await queryPostgres(admin, `DROP ROLE ${group}`);
});

/** Options as `config.get<number>()` returns them from an environment: text, whatever the type says. */
const fromEnvironment: readonly (readonly [string, object])[] = [
  ['connectTimeoutMS and poolSize', { connectTimeoutMS: '3000', poolSize: '2', port: String(admin.port) }],
  ['extra.connectionTimeoutMillis and extra.max', { extra: { connectionTimeoutMillis: '3000', max: '2', idleTimeoutMillis: '1000' } }],
  [
    'extra.poolSize and extra.maxUses',
    { extra: { connectionTimeoutMillis: '3000', poolSize: '2', maxUses: '3', maxLifetimeSeconds: '60' } },
  ],
  ['time-outs of statements', { poolSize: '2', extra: { statement_timeout: '3000', query_timeout: '3000', lock_timeout: '3000' } }],
];

describe('Numbers that come from the environment as text', () => {
  it.each(fromEnvironment)('let twelve callers of a pool of two wait their turn: %s', async (_, options) => {
    await using fixture = new RotatingFixture(admin, group, { typeorm: options });
    await fixture.dataSource.initialize();
    expect(fixture.controller.snapshot().pools).toMatchObject([{ max: 2, maxConnections: 4 }]);
    const queries = Array.from({ length: 12 }, () => fixture.dataSource.query('SELECT pg_sleep(0.05)'));
    await fixture.controller.refreshNow();
    const outcomes = await Promise.allSettled(queries);
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 'fulfilled'));
  });
});
