import { FaultProxy, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import { staticRole } from '../../../credentials/roles/static-role.js';
import { rotationHealth } from '../../../rotation/report/rotation-health.js';
import { DatabaseApplication, type DatabaseApplicationOptions } from '../../database-application.fixture.js';

const servers = inject('servers');
const admin = servers.postgres.superuser;
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
const mountPoint = 'limitdb';
const poolSize = 4;
const maxConnections = 2 * poolSize;
/** Long enough for eight callers to keep every connection of the pool busy. */
const work = 'SELECT pg_sleep(0.005)';
const limits = [poolSize + 1, poolSize, 2];

const role = (limit: number): { creation_statements: string[]; default_ttl: string } => ({
  creation_statements: [
    `CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' CONNECTION LIMIT ${limit} IN ROLE limit_app;`,
    `ALTER ROLE "{{name}}" SET role = 'limit_app';`,
  ],
  default_ttl: '1h',
});

beforeAll(async () => {
  await queryPostgres(admin, 'CREATE ROLE limit_app; CREATE ROLE limit_static LOGIN IN ROLE limit_app');
  await openbao.provision({
    database: {
      mount: mountPoint,
      dynamicRoles: Object.fromEntries(limits.map((limit) => [`limit-${limit}`, role(limit)])),
      staticRoles: { fixed: { username: 'limit_static', rotation_period: '1h' } },
    },
  });
});

/** On a user that may have `limit` connections. */
function start(limit: number, options: Partial<DatabaseApplicationOptions> = {}): Promise<DatabaseApplication> {
  const credentials = dynamicRole(`limit-${limit}`, { mountPoint });
  return DatabaseApplication.start({ servers, credentials, ...options, typeorm: { poolSize, ...options.typeorm } });
}

async function rotateThrice({ credentials }: DatabaseApplication, before?: () => Promise<unknown>): Promise<void> {
  for (let rotation = 0; rotation < 3; rotation += 1) {
    await before?.();
    await credentials.refreshNow();
  }
}

describe('The CONNECTION LIMIT of an issued role', () => {
  it.each(limits)('of %i lets a pool of four rotate under load without a failed query', async (limit) => {
    await using application = await start(limit);
    expect(await application.failuresUntil(rotateThrice(application), work)).toEqual([]);
    expect(application.credentials.snapshot()).toMatchObject({ rotations: 3, failures: 0 });
  });

  it('below the pool size keeps callers waiting and fails none, however often the server refuses one more connection', async () => {
    const proxy = await FaultProxy.start({ targetPort: admin.port });
    await using application = await start(2, { typeorm: { port: proxy.port }, rotation: { outageBudgetMs: 50 } });
    const refusedOften = async (): Promise<void> => {
      await expect.poll(() => proxy.counters.accepted, { timeout: 5_000 }).toBeGreaterThanOrEqual(2 + 5);
    };
    expect(await application.failuresUntil(refusedOften(), work)).toEqual([]);
    // Nobody calls any more, and the two connections that are idle leave no room for another one.
    expect(rotationHealth(application.credentials.snapshot())).toBe('up');
    await application[Symbol.asyncDispose]();
    await proxy.stop();
  });

  it('is named by the error of a caller whose acquire time-out is over', async () => {
    await using application = await start(2, { typeorm: { connectTimeoutMS: 300 } });
    const runners = [1, 2].map(() => application.dataSource.createQueryRunner());
    await Promise.all(runners.map((runner) => runner.connect()));
    await expect(application.dataSource.query('SELECT 1')).rejects.toMatchObject({
      code: 'DATABASE_POOL_TIMEOUT',
      reason: '53300',
      remedy: expect.stringContaining('CONNECTION LIMIT'),
    });
    await Promise.all(runners.map((runner) => runner.release()));
  });
});

describe('The CONNECTION LIMIT of a static role, which both generations share,', () => {
  it.each([maxConnections + 1, ...limits])('of %i lets a pool of four follow the password without a failed query', async (limit) => {
    await queryPostgres(admin, `ALTER ROLE limit_static CONNECTION LIMIT ${limit}`);
    await using application = await start(limit, { credentials: staticRole('fixed', { mountPoint }) });
    const changes = rotateThrice(application, () => openbao.api('POST', `${mountPoint}/rotate-role/fixed`));
    expect(await application.failuresUntil(changes, work)).toEqual([]);
    expect(application.credentials.snapshot()).toMatchObject({ rotations: 3, failures: 0 });
  });
});
