import { FaultProxy, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { appRole, VaultModule, VaultService } from '@keyturn/vault';
import { Controller, Get, Inject, Module, type DynamicModule, type INestApplication, type Provider, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { EventEmitter, once } from 'node:events';
import { Agent, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg, { type Pool } from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import { DatabaseCredentials } from '../../database-credentials.js';
import { DatabaseModule } from '../../database.module.js';
import { provisionAppRole } from '../app-role-access.fixture.js';
import { RewritingProxy } from '../servers/rewriting-proxy.fixture.js';

const servers = inject('servers');
const admin = servers.postgres.superuser;
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
const shutdownMs = 1_000;

beforeAll(() => provisionAppRole(openbao, admin, 'hanging'));
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

interface ApplicationParts {
  readonly imports?: readonly DynamicModule[];
  readonly controllers?: readonly Type[];
  /** Of Vault. */
  readonly address?: string;
  /** In place of pg. */
  readonly driver?: object;
}

class Application {
  static async start(parts: ApplicationParts = {}): Promise<Application> {
    const { imports = [], controllers = [], address = servers.openbao.address, driver } = parts;
    const { host, port, database } = admin;
    const module = await Test.createTestingModule({
      controllers: [...controllers],
      imports: [
        VaultModule.forRoot({ address, auth: appRole(await openbao.approle('hanging')) }),
        DatabaseModule.forRoot({
          typeorm: { type: 'postgres', host, port, database, poolSize: 3, ...(driver === undefined ? {} : { driver }) },
          credentials: dynamicRole('app', { mountPoint: 'hanging' }),
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

  async listen(): Promise<{ readonly http: INestApplication<Server>; readonly port: number }> {
    const http = this.module.createNestApplication<INestApplication<Server>>({ logger: false });
    await http.listen(0, '127.0.0.1');
    return { http, port: (http.getHttpServer().address() as AddressInfo).port };
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

/** What has been asked for. */
const requests = new EventEmitter();

@Controller()
class LoadedController {
  readonly #dataSource: DataSource;

  constructor(@Inject(DataSource) dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  @Get('one')
  async one(): Promise<unknown> {
    const rows: unknown = await this.#dataSource.query('SELECT 1 AS one');
    requests.emit('one');
    return rows;
  }

  @Get('never')
  never(): Promise<never> {
    requests.emit('never');
    return never();
  }
}

interface HttpFailure {
  /** Undefined where the connection was closed. */
  readonly status: number | undefined;
  readonly atMs: number;
}

/** One request after the other on one connection. @returns the first that is not answered as it should be */
async function askUntilFailure(port: number): Promise<HttpFailure> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (;;) {
    const status = await new Promise<number | undefined>((resolve) => {
      get({ host: '127.0.0.1', port, path: '/one', agent }, (response) => {
        response.resume().on('close', () => resolve(response.statusCode));
      }).on('error', () => resolve(undefined));
    });
    if (status === 200) continue;
    agent.destroy();
    return { status, atMs: performance.now() };
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
    const application = await Application.start({ imports: [withHooks(hooks)] });
    void application.module.close().catch(() => undefined);
    await expect.poll(() => application.isGone(), { timeout: 10_000 }).toBe(true);
  });

  it('an HTTP request never ends', async () => {
    const application = await Application.start({ controllers: [LoadedController] });
    const { http, port } = await application.listen();
    const request = get({ host: '127.0.0.1', port, path: '/never' }).on('error', () => undefined);
    await once(requests, 'never');
    const closed = http.close();
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

  it('the pools of pg throw as they end', async () => {
    class FailingPool extends pg.Pool {
      override end(): Promise<void> {
        throw new Error('a pool that throws');
      }
    }
    const application = await Application.start({ driver: { ...pg, Pool: FailingPool } });
    await application.module.close();
    await expect.poll(() => application.isGone(), { timeout: 10_000 }).toBe(true);
  });

  it('Vault fails to revoke the lease', async () => {
    await using vault = await RewritingProxy.failing(servers.openbao.address, /sys\/leases\/(revoke|renew)/);
    const application = await Application.start({ address: vault.address });
    await application.module.close();
    await expect.poll(() => application.isGone(), { timeout: 10_000 }).toBe(true);
  });

  it('a rotation is under way, and it is closed twice at once', async () => {
    const application = await Application.start();
    const rotated = application.module.get(DatabaseCredentials).refreshNow();
    await Promise.all([application.module.close(), application.module.close(), rotated.catch(() => undefined)]);
    await expect.poll(() => application.isGone(), { timeout: 10_000 }).toBe(true);
    expect(await queryPostgres(admin, "SELECT member::regrole FROM pg_auth_members WHERE roleid = 'hanging_app'::regrole")).toEqual([]);
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

  it('requests keep coming over connections that stay open', async () => {
    const application = await Application.start({ controllers: [LoadedController] });
    const { http, port } = await application.listen();
    const load = Array.from({ length: 8 }, () => askUntilFailure(port));
    for (let answer = 0; answer < 50; answer += 1) await once(requests, 'one');
    const closingSinceMs = performance.now();
    await http.close();
    const failures = await Promise.all(load);
    await expect.poll(() => application.isGone(), { timeout: 10_000 }).toBe(true);
    // Node's server answers on a connection that is in use until its client lets go: those get failures when the time is over.
    const early = failures.filter(({ status, atMs }) => status !== undefined && atMs - closingSinceMs < shutdownMs / 2);
    expect(early).toEqual([]);
  });

  it('Vault fails to revoke the token: the role is gone, and what lives on is announced', async () => {
    await using vault = await RewritingProxy.failing(servers.openbao.address, /revoke-self/);
    const application = await Application.start({ address: vault.address });
    const left: unknown[] = [];
    application.module.get(VaultService).events.session.subscribe((event) => left.push(event));
    await application.module.close();
    expect(left).toContainEqual(expect.objectContaining({ type: 'sessionClosed', leftAlive: 1 }));
    expect(await queryPostgres(admin, 'SELECT 1 FROM pg_roles WHERE rolname = $1', [application.username])).toEqual([]);
  });

  it.each([
    ['Vault hangs', () => undefined],
    ['Vault hangs in a rotation', (credentials: DatabaseCredentials) => void credentials.refreshNow().catch(() => undefined)],
  ])('%s: the application closes all the same, and names what it leaves', async (_, begin) => {
    const vault = await FaultProxy.start({ targetPort: Number(new URL(servers.openbao.address).port) });
    const application = await Application.start({ address: `http://127.0.0.1:${vault.port}` });
    const left: string[] = [];
    application.module.get(DatabaseCredentials).subscribe(({ type }) => left.push(type));
    application.module.get(VaultService).events.session.subscribe(({ type }) => left.push(type));
    await vault.hang();
    begin(application.module.get(DatabaseCredentials));
    await application.module.close();
    expect(left).toEqual(expect.arrayContaining(['revocationFailed', 'sessionClosed']));
    await vault.stop();
    await openbao.api('POST', 'sys/leases/revoke-prefix/hanging');
  });
});
