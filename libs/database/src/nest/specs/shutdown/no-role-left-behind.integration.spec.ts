import { appRoleStatements, FaultProxy, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { token, VaultModule } from '@keyturn/vault';
import { Test, type TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import type { RotationEvent } from '../../../lifetime/rotation-event.js';
import type { RotationOptions } from '../../../options/rotation-options.js';
import { DatabaseCredentials } from '../../database-credentials.js';
import { DatabaseModule } from '../../database.module.js';

const servers = inject('servers');
const admin = servers.postgres.superuser;
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
let vault: FaultProxy;
let database: FaultProxy;
let module: TestingModule;
let credentials: DatabaseCredentials;

beforeAll(async () => {
  await queryPostgres(admin, 'CREATE ROLE retired_app');
  await openbao.provision({
    database: {
      mount: 'retireddb',
      dynamicRoles: {
        app: { creation_statements: appRoleStatements({ role: 'retired_app' }), default_ttl: '1h' },
        short: { creation_statements: appRoleStatements({ role: 'retired_app' }), default_ttl: '4s', max_ttl: '1h' },
      },
    },
  });
});
afterAll(() => queryPostgres(admin, 'DROP ROLE retired_app'));

async function start(role: string, rotation: RotationOptions = {}): Promise<void> {
  vault = await FaultProxy.start({ targetPort: Number(new URL(servers.openbao.address).port) });
  database = await FaultProxy.start({ targetPort: admin.port });
  module = await Test.createTestingModule({
    imports: [
      VaultModule.forRoot({
        address: `http://127.0.0.1:${vault.port}`,
        auth: token(servers.openbao.token),
        http: { timeoutMs: 2_000 },
      }),
      DatabaseModule.forRoot({
        typeorm: { type: 'postgres', host: admin.host, port: database.port, database: admin.database, connectTimeoutMS: 500 },
        credentials: dynamicRole(role, { mountPoint: 'retireddb' }),
        rotation,
      }),
    ],
  }).compile();
  await module.init();
  credentials = module.get(DatabaseCredentials);
}
afterEach(async () => {
  await module.close();
  await vault.stop();
  await database.stop();
});

/** Resolves when the first credentials have had that event. */
function ofTheFirst(type: RotationEvent['type']): Promise<void> {
  return new Promise((resolve) => {
    const stop = credentials.subscribe((event) => {
      if (event.type !== type || !('generation' in event) || event.generation !== 1) return;
      stop();
      resolve();
    });
  });
}

async function roles(): Promise<unknown[]> {
  const rows = await queryPostgres(
    admin,
    "SELECT member::regrole::text AS name FROM pg_auth_members WHERE roleid = 'retired_app'::regrole AND member::regrole::text LIKE '%v-%'",
  );
  return rows.map(({ name }) => name);
}

/** The new credentials arrive while PostgreSQL is away: by the time they are proved, and the first are replaced, Vault is away. */
async function replaceWithoutVault(): Promise<void> {
  await database.refuse();
  await expect(credentials.refreshNow()).rejects.toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
  await vault.reset();
  const failed = ofTheFirst('revocationFailed');
  await database.heal();
  await failed;
  expect(await roles()).toHaveLength(2);
  await vault.heal();
}

describe('replaced credentials of which Vault could not be told, because it went away before their retirement', () => {
  it('are revoked when it is back', async () => {
    await start('app');
    await replaceWithoutVault();
    await ofTheFirst('credentialsRevoked');
    expect(await roles()).toHaveLength(1);
  });

  it('are revoked by the application that stops', async () => {
    await start('app');
    await replaceWithoutVault();
    await module.close();
    expect(await roles()).toEqual([]);
  });
});

describe('credentials that Vault is issuing when the application stops', () => {
  it('are revoked', async () => {
    await start('app');
    await vault.delay(400);
    const refreshed = credentials.refreshNow().catch((error: unknown) => error);
    await expect.poll(roles, { timeout: 5_000, interval: 10 }).toHaveLength(2);
    await module.close();
    expect(await refreshed).toMatchObject({ code: 'DATABASE_ROTATION_STOPPED' });
    expect(await roles()).toEqual([]);
  });
});

describe("replaced credentials that are still in use, with onDrainDeadline: 'wait'", () => {
  it('live until they expire and no longer', async () => {
    await start('short', { onDrainDeadline: 'wait' });
    const [first] = await roles();
    const runner = module.get(DataSource).createQueryRunner();
    await runner.connect();
    await credentials.refreshNow();
    expect(await roles()).toContain(first);
    await expect.poll(roles, { timeout: 8_000 }).not.toContain(first);
    expect(await runner.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await runner.release();
  });
});
