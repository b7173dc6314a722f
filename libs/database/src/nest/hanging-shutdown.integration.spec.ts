import { appRoleStatements, FaultProxy, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { appRole, VaultModule, VaultService } from '@keyturn/vault';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dynamicRole } from '../credentials/dynamic-role.js';
import { DatabaseCredentials } from './database-credentials.js';
import { DatabaseModule } from './database.module.js';

const servers = inject('servers');
const admin = servers.postgres.superuser;
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
const shutdownMs = 1_000;

beforeAll(async () => {
  await queryPostgres(admin, 'CREATE ROLE hanging_app');
  await openbao.provision({
    policies: {
      hanging: `path "hangingdb/creds/app" { capabilities = ["read"] }
path "sys/leases/*" { capabilities = ["update"] }
path "auth/token/*" { capabilities = ["read", "update"] }`,
    },
    approle: { hanging: { token_policies: ['hanging'], token_ttl: '1h' } },
    database: {
      mount: 'hangingdb',
      dynamicRoles: { app: { creation_statements: appRoleStatements({ role: 'hanging_app' }), default_ttl: '1h' } },
    },
  });
});
afterAll(() => queryPostgres(admin, 'DROP ROLE hanging_app'));

const never = (): Promise<never> => new Promise(() => undefined);
const fails = (): Promise<never> => Promise.reject(new Error('a hook that throws'));

/** A module of the application whose provider has hooks. */
function withHooks(hooks: object): DynamicModule {
  class HookedModule {}
  Module({})(HookedModule);
  const provider: Provider = { provide: 'HOOKED', useValue: hooks };
  return { module: HookedModule, providers: [provider] };
}

class Application {
  static async start(imports: readonly DynamicModule[] = [], vaultPort?: number): Promise<Application> {
    const address = vaultPort === undefined ? servers.openbao.address : `http://127.0.0.1:${vaultPort}`;
    const { host, port, database } = admin;
    const module = await Test.createTestingModule({
      imports: [
        VaultModule.forRoot({ address, auth: appRole(await openbao.approle('hanging')) }),
        DatabaseModule.forRoot({
          typeorm: { type: 'postgres', host, port, database, poolSize: 3 },
          credentials: dynamicRole('app', { mountPoint: 'hangingdb' }),
          rotation: { shutdownMs },
        }),
        ...imports,
      ],
    }).compile();
    await module.init();
    const { data } = await module.get(VaultService).request({ method: 'GET', path: 'auth/token/lookup-self' });
    return new Application(module, String((data as { accessor?: unknown }).accessor));
  }

  readonly username: string;

  constructor(
    readonly module: TestingModule,
    readonly accessor: string,
  ) {
    this.username = String(module.get(DatabaseCredentials).snapshot().username);
  }

  get pool(): Pool {
    return (this.module.get(DataSource).driver as unknown as { master: Pool }).master;
  }

  /** Nothing of it is left in the database and in Vault. */
  async isGone(): Promise<boolean> {
    const roles = await queryPostgres(admin, 'SELECT 1 FROM pg_roles WHERE rolname = $1', [this.username]);
    const { status } = await openbao.ask('POST', 'auth/token/lookup-accessor', { accessor: this.accessor });
    return roles.length === 0 && status !== 200;
  }
}

describe('The time of a shutdown holds, and leases and token are revoked, when', () => {
  it.each<[string, object]>([
    ['a hook of the application hangs before the HTTP server is closed', { beforeApplicationShutdown: never }],
    ['a hook of the application hangs after the HTTP server was closed', { onApplicationShutdown: never }],
    ['a hook of the application throws when its module is destroyed', { onModuleDestroy: fails }],
    ['a hook of the application throws before the HTTP server is closed', { beforeApplicationShutdown: fails }],
    ['a hook of the application throws after the HTTP server was closed', { onApplicationShutdown: fails }],
  ])('%s', async (_, hooks) => {
    const application = await Application.start([withHooks(hooks)]);
    void application.module.close().catch(() => undefined);
    await expect.poll(() => application.isGone(), { timeout: 10_000 }).toBe(true);
  });

  it('an HTTP request never ends', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const request = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }).on('error', () => undefined);
    await once(server, 'request');
    // As Nest's HTTP adapter closes: it waits for the requests that run.
    const drained = { beforeApplicationShutdown: () => new Promise((resolve) => server.close(resolve)) };
    const application = await Application.start([withHooks(drained)]);
    const closed = application.module.close();
    await expect.poll(() => application.isGone(), { timeout: 10_000 }).toBe(true);
    request.destroy();
    await closed;
  });

  it('the data source does not close', async () => {
    const application = await Application.start();
    const { driver } = application.module.get(DataSource);
    driver.disconnect = never;
    await application.module.close();
    await expect.poll(() => application.isGone(), { timeout: 10_000 }).toBe(true);
  });

  it('the data source throws as it closes', async () => {
    const application = await Application.start();
    application.module.get(DataSource).driver.disconnect = fails;
    await application.module.close();
    await expect.poll(() => application.isGone(), { timeout: 10_000 }).toBe(true);
  });

  it('a connection of the pool is never given back', async () => {
    const application = await Application.start();
    const client = await application.pool.connect();
    client.on('error', () => undefined);
    await application.module.close();
    await expect.poll(() => application.isGone(), { timeout: 10_000 }).toBe(true);
  });

  it('a query runner was released before its connection came', async () => {
    const application = await Application.start();
    const runners = Array.from({ length: 6 }, () => application.module.get(DataSource).createQueryRunner());
    const waits = runners.map((runner) => runner.connect().catch(() => undefined));
    await Promise.all(runners.map((runner) => runner.release()));
    await application.module.close();
    await Promise.all(waits);
    await expect.poll(() => application.isGone(), { timeout: 10_000 }).toBe(true);
  });

  it('Vault hangs: the application closes all the same, and names what it leaves', async () => {
    const vault = await FaultProxy.start({ targetPort: Number(new URL(servers.openbao.address).port) });
    const application = await Application.start([], vault.port);
    const left: string[] = [];
    application.module.get(DatabaseCredentials).subscribe(({ type }) => left.push(type));
    application.module.get(VaultService).events.session.subscribe(({ type }) => left.push(type));
    await vault.hang();
    await application.module.close();
    expect(left).toEqual(expect.arrayContaining(['revocationFailed', 'sessionClosed']));
    await vault.stop();
    await openbao.api('POST', 'sys/leases/revoke-prefix/hangingdb');
  });
});
