import { FaultProxy, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { token, VaultModule } from '@keyturn/vault';
import { Test, type TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { staticRole } from '../../../credentials/roles/static-role.js';
import type { RotationEvent } from '../../../lifetime/rotation-event.js';
import type { RotationOptions } from '../../../options/rotation-options.js';
import { DatabaseCredentials } from '../../database-credentials.js';
import { DatabaseModule } from '../../database.module.js';

const servers = inject('servers');
const admin = servers.postgres.superuser;
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
const mountPoint = 'changeddb';

beforeAll(async () => {
  await queryPostgres(admin, 'CREATE ROLE changed_static LOGIN');
  await openbao.provision({
    database: { mount: mountPoint, staticRoles: { fixed: { username: 'changed_static', rotation_period: '24h' } } },
  });
});
afterAll(() => queryPostgres(admin, 'DROP ROLE changed_static'));
beforeEach(() => openbao.api('POST', `${mountPoint}/rotate-role/fixed`));

async function start(options: { port?: number; rotation?: RotationOptions; repair?: boolean } = {}): Promise<TestingModule> {
  const { port = Number(new URL(servers.openbao.address).port), rotation = {}, repair = true } = options;
  const { host, port: databasePort, database } = admin;
  const module = await Test.createTestingModule({
    imports: [
      VaultModule.forRoot({ address: `http://127.0.0.1:${port}`, auth: token(servers.openbao.token), http: { timeoutMs: 2_000 } }),
      DatabaseModule.forRoot({
        typeorm: { type: 'postgres', host, port: databasePort, database, poolSize: 2 },
        credentials: staticRole('fixed', { mountPoint, repair }),
        rotation,
      }),
    ],
  }).compile();
  return module.init();
}

async function changePassword(): Promise<void> {
  await queryPostgres(admin, `ALTER ROLE changed_static PASSWORD 'operator'`);
  await queryPostgres(admin, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'changed_static'`);
}

describe('A static role whose password an operator has changed', () => {
  it('is repaired although Vault was away when the first log-in was refused', async () => {
    const proxy = await FaultProxy.start({ targetPort: Number(new URL(servers.openbao.address).port) });
    const module = await start({ port: proxy.port });
    const failed = new Promise<RotationEvent>((resolve) => {
      module.get(DatabaseCredentials).subscribe((event) => event.type === 'rotationFailed' && resolve(event));
    });
    await proxy.reset();
    await changePassword();
    const query = (): Promise<unknown> => module.get(DataSource).query('SELECT 1 AS one');
    const told = new AbortController();
    void failed.then(() => told.abort());
    // The first statement may still get a connection that has just been ended, and then logs in nobody.
    const first = (async () => {
      while (!told.signal.aborted) await query().catch(() => undefined);
    })();
    expect(await failed).toMatchObject({ reason: 'login-rejected', code: 'VAULT_UNREACHABLE' });
    await proxy.heal();
    await expect.poll(() => query().catch(() => undefined), { timeout: 10_000 }).toEqual([{ one: 1 }]);
    await first;
    await module.close();
    await proxy.stop();
  });

  it('is repaired by an application that starts', async () => {
    await changePassword();
    const module = await start();
    expect(await module.get(DataSource).query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await module.close();
  });

  it('is repaired inside a shorter budget as well', async () => {
    await changePassword();
    const module = await start({ rotation: { credentialBudgetMs: 2_000 } });
    expect(await module.get(DataSource).query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await module.close();
  });

  it('and that must not be repaired keeps an application from starting, with the password in the remedy', async () => {
    await changePassword();
    const failure = await start({ rotation: { credentialBudgetMs: 500 }, repair: false }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'DATABASE_LOGIN_REJECTED', setting: 'credentials' });
    expect((failure as Error).message).toMatch(/password/);
    expect((failure as Error).message).not.toMatch(/creation statements/);
  });
});
