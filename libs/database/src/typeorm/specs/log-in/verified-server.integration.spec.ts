import { DevServices, queryPostgres } from '@keyturn/dev-services';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RotatingDataSourceOptions } from '../../rotating-data-source-options.js';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';

const group = 'impostor';
/** A server with a certificate of an authority that nobody here trusts. */
let services: DevServices;

beforeAll(async () => {
  services = await DevServices.start({ postgres: { tls: true } });
  await queryPostgres(services.postgres.superuser, `CREATE ROLE ${group}`);
});
afterAll(() => services?.stop());
afterEach(() => vi.unstubAllEnvs());

function dataSource(ssl: unknown): RotatingFixture {
  const typeorm = (ssl === undefined ? {} : { ssl }) as Partial<RotatingDataSourceOptions>;
  return new RotatingFixture(services.postgres.superuser, group, { typeorm });
}

describe('With NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment', () => {
  it('plain pg trusts any server', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const { host, port, database, user, password } = services.postgres.superuser;
    const client = new pg.Client({ host, port, database, user, password, ssl: true });
    await client.connect();
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
  });

  it.each([
    ['true', true, {}],
    ["'true'", 'true', {}],
    ['{}', {}, {}],
    ['{ rejectUnauthorized: undefined }', { rejectUnauthorized: undefined }, {}],
    ['{ rejectUnauthorized: true }', { rejectUnauthorized: true }, {}],
    ['left to PGSSLMODE=require', undefined, { PGSSLMODE: 'require' }],
    ['left to PGSSLMODE=verify-full', undefined, { PGSSLMODE: 'verify-full' }],
  ])('an impostor is refused with ssl %s, and the variable is named in a warning', async (_, ssl, environment) => {
    for (const [name, value] of Object.entries({ NODE_TLS_REJECT_UNAUTHORIZED: '0', ...environment })) vi.stubEnv(name, value);
    const warnings: string[] = [];
    const note = ({ message }: Error): unknown => warnings.push(message);
    process.on('warning', note);
    await using fixture = dataSource(ssl);
    const refusal = { code: 'DATABASE_CONFIGURATION_INVALID', setting: 'typeorm.ssl', reason: 'SELF_SIGNED_CERT_IN_CHAIN' };
    await expect(fixture.dataSource.initialize()).rejects.toMatchObject(refusal);
    process.emitWarning('the last one');
    await vi.waitUntil(() => warnings.includes('the last one'));
    process.off('warning', note);
    expect(warnings).toContainEqual(expect.stringMatching(/NODE_TLS_REJECT_UNAUTHORIZED=0 is not followed for the database.*typeorm\.ssl/));
  });

  it.each([
    ['ssl.rejectUnauthorized: false', { rejectUnauthorized: false }, {}],
    ["ssl: 'no-verify'", 'no-verify', {}],
    ['PGSSLMODE=no-verify', undefined, { PGSSLMODE: 'no-verify' }],
  ])('what the user says holds: %s', async (_, ssl, environment) => {
    for (const [name, value] of Object.entries({ NODE_TLS_REJECT_UNAUTHORIZED: '0', ...environment })) vi.stubEnv(name, value);
    await using fixture = dataSource(ssl);
    await fixture.dataSource.initialize();
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('The TLS option of a data source', () => {
  it.each([
    ['typeorm.ssl', 'require'],
    ['typeorm.ssl', 'false'],
    ['typeorm.ssl', 1],
    ['typeorm.ssl', ['ca']],
    ['typeorm.ssl.rejectUnauthorized', { rejectUnauthorized: 'false' }],
    ['typeorm.ssl.rejectUnauthorized', { rejectUnauthorized: 0 }],
    ['typeorm.ssl', { key: 'no key', cert: 'no certificate' }],
  ])('is refused as %s where it is %j', (setting, ssl) => {
    expect(() => dataSource(ssl)).toThrow(expect.objectContaining({ code: 'DATABASE_CONFIGURATION_INVALID', setting }));
  });
});
