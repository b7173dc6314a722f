import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { FaultProxy, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { appRole, VaultModule, VaultService } from '@keyturn/vault';
import { Module, type DynamicModule, type INestApplication, type Provider } from '@nestjs/common';
import { LazyModuleLoader, NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import { provisionAppRole } from '../app-role-access.fixture.js';
import type { AbortedStartSettings } from './aborted-start.fixture.js';
import type { DatabaseModuleOptions } from '../../database-module.options.js';
import { DatabaseModule } from '../../database.module.js';

const servers = inject('servers');
const { superuser } = servers.postgres;
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
const { host, port, database } = superuser;
const typeorm: DatabaseModuleOptions['typeorm'] = { type: 'postgres', host, port, database, poolSize: 2 };
const sources = [
  fileURLToPath(new URL('./aborted-start.fixture.ts', import.meta.url)),
  fileURLToPath(new URL('../../../../../vault/src/time.ts', import.meta.url)),
  fileURLToPath(new URL('../../../../../vault/src/index.ts', import.meta.url)),
];
const PROGRAM = `
import { runnerImport } from 'vite';
const [fixture, time, vault] = ${JSON.stringify(sources)};
await runnerImport(fixture, { configFile: false, resolve: { alias: { '@keyturn/vault/time': time, '@keyturn/vault': vault } } });
`;
let nobody: number;

beforeAll(() => provisionAppRole(openbao, superuser, 'abortedstart'));
afterAll(() => queryPostgres(superuser, 'DROP ROLE abortedstart_app'));
beforeEach(async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  nobody = (server.address() as AddressInfo).port;
  server.close();
});

/** What lives of the starts of this spec. */
async function left(): Promise<{ readonly tokens: number; readonly users: number }> {
  const { data } = await openbao.api('LIST', 'auth/token/accessors');
  const lookUp = async (accessor: string): Promise<unknown> =>
    (await openbao.api('POST', 'auth/token/lookup-accessor', { accessor }).catch(() => undefined))?.data['policies'];
  const policies = await Promise.all((data['keys'] as string[]).map(lookUp));
  const member = "SELECT 1 FROM pg_auth_members WHERE roleid = 'abortedstart_app'::regrole AND member::regrole::text LIKE '%v-%'";
  return {
    tokens: policies.filter((names) => Array.isArray(names) && names.includes('abortedstart')).length,
    users: (await queryPostgres(superuser, member)).length,
  };
}
const nothing = { tokens: 0, users: 0 };

const vaultModule = async (): Promise<DynamicModule> =>
  VaultModule.forRoot({ address: servers.openbao.address, auth: appRole(await openbao.approle('abortedstart')) });
const databaseModule = (options: Partial<DatabaseModuleOptions['typeorm']> = {}, name?: string): DynamicModule =>
  DatabaseModule.forRoot({
    name,
    typeorm: { ...typeorm, ...options },
    credentials: dynamicRole('app', { mountPoint: 'abortedstart' }),
  });
const away = (): Partial<DatabaseModuleOptions['typeorm']> => ({ port: nobody, connectTimeoutMS: 300 });

function moduleOf(...providers: Provider[]): DynamicModule {
  class OfTheTest {}
  Module({})(OfTheTest);
  return { module: OfTheTest, providers };
}

async function create(...imports: DynamicModule[]): Promise<INestApplication> {
  const root = { ...moduleOf(), imports: [await vaultModule(), ...imports] };
  return NestFactory.create(root, { logger: false, abortOnError: false });
}

const hook = (name: string): Provider => ({
  provide: 'FAILING',
  useValue: { [name]: () => Promise.reject(new Error('a hook that fails')) },
});

describe('A start that fails after the log-in', () => {
  it.each(['onModuleInit', 'onApplicationBootstrap'])('leaves no token and no user after close(), where %s throws', async (name) => {
    const app = await create(databaseModule(), moduleOf(hook(name)));
    await expect(app.listen(0, '127.0.0.1')).rejects.toThrow('a hook that fails');
    expect(await left()).toEqual({ tokens: 1, users: 1 });
    // Nest 11 rejects with the error of the start.
    await app.close().catch(() => undefined);
    expect(await left()).toEqual(nothing);
  });

  it('leaves no token and no user after close(), where the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const app = await create(databaseModule());
    await expect(app.listen((taken.address() as AddressInfo).port, '127.0.0.1')).rejects.toThrow('EADDRINUSE');
    await app.close();
    taken.close();
    expect(await left()).toEqual(nothing);
  });

  it('has left no token and no user when it is told that the database cannot be reached', async () => {
    await expect(create(databaseModule(away()))).rejects.toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    expect(await left()).toEqual(nothing);
  });

  it('has left neither when all tries of TypeORM have failed', async () => {
    const retried = { ...away(), retryAttempts: 2, retryDelay: 0 };
    await expect(create(databaseModule(retried))).rejects.toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    expect(await left()).toEqual(nothing);
  });

  it('has left neither of another data source that could start', async () => {
    const proxy = await FaultProxy.start({ targetPort: port });
    const starts = create(databaseModule({ port: proxy.port }), databaseModule({ ...away(), connectTimeoutMS: 1_500 }, 'other'));
    await expect(starts).rejects.toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    await expect.poll(left).toEqual(nothing);
    await proxy.stop();
  });

  it('has left no token where Nest ends the process', async () => {
    const settings: AbortedStartSettings = {
      address: servers.openbao.address,
      appRole: await openbao.approle('abortedstart'),
      typeorm: { ...typeorm, ...away() },
    };
    const env = { ...process.env, KEYTURN_SPEC_START: JSON.stringify(settings) };
    const [status, said] = await new Promise<[unknown, string]>((resolve) => {
      const program = ['--input-type=module', '-e', PROGRAM];
      execFile(process.execPath, program, { env }, (error, stdout, stderr) => resolve([error?.code, stdout + stderr]));
    });
    expect(said).toContain('ServerUnreachableError');
    expect(status).toBe(1);
    expect(await left()).toEqual(nothing);
  });
});

describe('A connection to Vault', () => {
  it('is kept where TypeORM tries again', async () => {
    const proxy = await FaultProxy.start({ targetPort: port });
    await proxy.refuse();
    const retried = { port: proxy.port, connectTimeoutMS: 300, retryAttempts: 20, retryDelay: 100 };
    const starts = create(databaseModule({ ...retried, toRetry: () => (void proxy.heal(), true) }));
    const app = await starts;
    await app.init();
    expect(app.get(VaultService).session.state.kind).toBe('authenticated');
    await app.close();
    await proxy.stop();
    expect(await left()).toEqual(nothing);
  });

  it('of an application that runs is kept where a module that it loads later cannot start', async () => {
    const app = await create();
    await app.init();
    const loaded = app.get(LazyModuleLoader).load(() => databaseModule(away()));
    await expect(loaded).rejects.toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    expect(app.get(VaultService).session.state.kind).toBe('authenticated');
    await app.close();
    expect(await left()).toEqual(nothing);
  });
});
