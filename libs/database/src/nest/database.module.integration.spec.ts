import { OpenBaoAdmin, appRoleStatements, queryPostgres } from '@keyturn/dev-services';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { token, VaultModule } from '@keyturn/vault';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test, type TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { dynamicRole } from '../credentials/roles/dynamic-role.js';
import { staticRole } from '../credentials/roles/static-role.js';
import type { RotationEvent } from '../lifetime/rotation-event.js';
import { DatabaseCredentials } from './database-credentials.js';
import { DatabaseHealthIndicator } from './database.health-indicator.js';
import type { DatabaseModuleOptions } from './database-module.options.js';
import { DatabaseModule } from './database.module.js';

const servers = inject('servers');
const admin = servers.postgres.superuser;
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
const open: TestingModule[] = [];

beforeAll(async () => {
  await queryPostgres(admin, 'CREATE ROLE nest_app; CREATE ROLE nest_static LOGIN IN ROLE nest_app');
  const statements = { creation_statements: appRoleStatements({ role: 'nest_app' }) };
  await openbao.provision({
    database: {
      mount: 'nestdb',
      dynamicRoles: {
        brief: { ...statements, default_ttl: '2s', max_ttl: '2s' },
        renewed: { ...statements, default_ttl: '3s', max_ttl: '1h' },
        long: { ...statements, default_ttl: '1h' },
        broken: { creation_statements: [`CREATE ROLE "{{name}}" NOLOGIN PASSWORD '{{password}}';`], default_ttl: '1h' },
      },
      staticRoles: { fixed: { username: 'nest_static', rotation_period: '1h' } },
    },
  });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((module) => module.close()));
});

const typeorm: DatabaseModuleOptions['typeorm'] = {
  type: 'postgres',
  host: admin.host,
  port: admin.port,
  database: admin.database,
  poolSize: 10,
};

function build(options: Partial<DatabaseModuleOptions>): Promise<TestingModule> {
  return Test.createTestingModule({
    imports: [
      ScheduleModule.forRoot(),
      VaultModule.forRoot({ address: servers.openbao.address, auth: token(servers.openbao.token) }),
      DatabaseModule.forRoot({ typeorm, credentials: dynamicRole('long', { mountPoint: 'nestdb' }), ...options }),
    ],
  }).compile();
}

async function start(options: Partial<DatabaseModuleOptions>): Promise<TestingModule> {
  const module = await build(options);
  open.push(module);
  return module.init();
}

async function liveRoles(): Promise<string[]> {
  const rows = await queryPostgres(
    admin,
    `SELECT rolname FROM pg_roles WHERE pg_has_role(oid, 'nest_app', 'member') AND rolname LIKE 'v-%'`,
  );
  return rows.map((row) => String(row['rolname']));
}

/** Users that Vault made for the roles of this file's mount, members of `nest_app` or not. */
async function madeRoles(): Promise<string[]> {
  const rows = await queryPostgres(admin, `SELECT rolname FROM pg_roles WHERE rolname ~ '^v-.*-(broken|absent)-' ORDER BY rolname`);
  return [...(await liveRoles()).toSorted(), ...rows.map((row) => String(row['rolname']))];
}

function nextEvent<Type extends RotationEvent['type']>(
  credentials: DatabaseCredentials,
  type: Type,
): Promise<RotationEvent & { type: Type }> {
  return new Promise((resolve) => {
    const stop = credentials.subscribe((event) => {
      if (event.type !== type) return;
      stop();
      resolve(event as RotationEvent & { type: Type });
    });
  });
}

/** Queries without a pause until `until` resolves. @returns what failed */
async function loadUntil(dataSource: DataSource, until: Promise<unknown>): Promise<unknown[]> {
  const stopped = new AbortController();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    while (!stopped.signal.aborted) await dataSource.query('SELECT current_user').catch((error: unknown) => failures.push(error));
  };
  const workers = Array.from({ length: 8 }, worker);
  await until;
  stopped.abort();
  await Promise.all(workers);
  return failures;
}

describe('DatabaseModule', () => {
  it('serves queries as a user that Vault made, and leaves none behind', async () => {
    const module = await start({});
    const [row] = await module
      .get(DataSource)
      .query<{ login: string; role: string }[]>('SELECT session_user AS login, current_user AS role');
    expect(row).toEqual({ login: expect.stringMatching(/^v-/), role: 'nest_app' });
    expect(module.get(DatabaseCredentials).expiresAt!.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
    await module.close();
    expect(await liveRoles()).toEqual([]);
  });

  it('replaces users of 2 s under load without a failed query', async () => {
    const module = await start({ credentials: dynamicRole('brief', { mountPoint: 'nestdb' }) });
    const credentials = module.get(DatabaseCredentials);
    const fourRotations = (async () => {
      while (credentials.snapshot().rotations < 4) await nextEvent(credentials, 'credentialsRotated');
    })();
    expect(await loadUntil(module.get(DataSource), fourRotations)).toEqual([]);
    expect((await liveRoles()).length).toBeLessThanOrEqual(2);
  });

  it('renews a user for as long as Vault allows instead of replacing it', async () => {
    const module = await start({ credentials: dynamicRole('renewed', { mountPoint: 'nestdb' }) });
    const credentials = module.get(DatabaseCredentials);
    const first = credentials.expiresAt!.getTime();
    await expect.poll(() => credentials.expiresAt!.getTime(), { timeout: 10_000 }).toBeGreaterThan(first + 1_500);
    expect(credentials.generation).toBe(1);
  });

  it('rotates at once on refreshNow(), and revokes the old user after the drain', async () => {
    const module = await start({});
    const credentials = module.get(DatabaseCredentials);
    const [before] = await liveRoles();
    const revoked = nextEvent(credentials, 'credentialsRevoked');
    await credentials.refreshNow();
    expect(credentials.generation).toBe(2);
    expect(await revoked).toMatchObject({ generation: 1 });
    expect(await liveRoles()).not.toContain(before);
  });

  it('follows a static role whose password is changed, without a failed query', async () => {
    const module = await start({ credentials: staticRole('fixed', { mountPoint: 'nestdb' }) });
    const credentials = module.get(DatabaseCredentials);
    const rotations = (async () => {
      for (let rotation = 0; rotation < 3; rotation += 1) {
        await openbao.api('POST', 'nestdb/rotate-role/fixed');
        await credentials.refreshNow();
      }
    })();
    expect(await loadUntil(module.get(DataSource), rotations)).toEqual([]);
    expect(credentials.generation).toBe(4);
  });

  it('notices by itself that the password of a static role was changed, without a failed query', async () => {
    const module = await start({
      credentials: staticRole('fixed', { mountPoint: 'nestdb' }),
      typeorm: { ...typeorm, poolSize: 4, extra: { maxUses: 10 } },
    });
    const credentials = module.get(DatabaseCredentials);
    const rotations = (async () => {
      for (let rotation = 0; rotation < 3; rotation += 1) {
        const noticed = nextEvent(credentials, 'credentialsRotated');
        await openbao.api('POST', 'nestdb/rotate-role/fixed');
        expect(await noticed).toMatchObject({ reason: 'login-rejected' });
      }
    })();
    expect(await loadUntil(module.get(DataSource), rotations)).toEqual([]);
  });

  it('reports health, and lists the rotation in SchedulerRegistry', async () => {
    const module = await start({});
    expect(module.get(DatabaseHealthIndicator).isHealthy()).toMatchObject({
      database: { status: 'up', state: 'serving', generation: 1, inUse: 0, waiting: 0 },
    });
    expect(module.get(SchedulerRegistry).getTimeouts()).toContain('database:rotation');
  });

  it('lists the rotation of a named data source under its name', async () => {
    const module = await Test.createTestingModule({
      imports: [
        ScheduleModule.forRoot(),
        VaultModule.forRoot({ address: servers.openbao.address, auth: token(servers.openbao.token) }),
        DatabaseModule.forRoot({ name: 'orders', typeorm, credentials: dynamicRole('long', { mountPoint: 'nestdb' }) }),
      ],
    }).compile();
    open.push(module);
    await module.init();
    expect(module.get(SchedulerRegistry).getTimeouts()).toContain('orders:database:rotation');
  });

  describe('refuses to start', () => {
    it.each<[string, Partial<DatabaseModuleOptions>, Record<string, unknown>]>([
      [
        'on a port where nothing listens',
        { typeorm: { ...typeorm, port: 1, connectTimeoutMS: 500 } },
        { code: 'DATABASE_SERVER_UNREACHABLE', setting: 'typeorm.host' },
      ],
      [
        'on a host that does not exist',
        { typeorm: { ...typeorm, host: 'nowhere.invalid' } },
        { code: 'DATABASE_CONFIGURATION_INVALID', setting: 'typeorm.host' },
      ],
      [
        'on a database that does not exist',
        { typeorm: { ...typeorm, database: 'nowhere' } },
        { code: 'DATABASE_CONFIGURATION_INVALID', setting: 'typeorm.database' },
      ],
      [
        'with a role whose users cannot log in',
        { credentials: dynamicRole('broken', { mountPoint: 'nestdb' }) },
        { code: 'DATABASE_LOGIN_REJECTED' },
      ],
      [
        'with a role that does not exist',
        { credentials: dynamicRole('absent', { mountPoint: 'nestdb' }) },
        { code: expect.stringMatching(/^VAULT_/) },
      ],
      [
        'with a user name of its own',
        { typeorm: { ...typeorm, extra: { user: 'me' } } },
        { code: 'DATABASE_CONFIGURATION_INVALID', setting: 'typeorm.extra.user' },
      ],
      [
        'with a fraction above 0.95',
        { rotation: { atFraction: 2 } },
        { code: 'DATABASE_CONFIGURATION_INVALID', setting: 'rotation.atFraction' },
      ],
      [
        'with a bound that leaves no room',
        { rotation: { maxConnections: 10 } },
        { code: 'DATABASE_CONFIGURATION_INVALID', setting: 'rotation.maxConnections' },
      ],
    ])('%s', async (_, options, expected) => {
      const before = await madeRoles();
      const failure: unknown = await build(options).catch((error: unknown) => error);
      expect(failure).toMatchObject(expected);
      expect(await madeRoles()).toEqual(before);
    });

    it('on a server that accepts and never answers, when the connect time-out is over', async () => {
      const silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo;
      const startedAt = performance.now();
      const failure: unknown = await build({ typeorm: { ...typeorm, host: '127.0.0.1', port, connectTimeoutMS: 400 } }).catch(
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE', setting: 'typeorm.host' });
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      silent.close();
    });
  });
});
