import { Inject, Injectable, Module, type Type } from '@nestjs/common';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { token } from '../../auth/token/token.auth-method.js';
import { envelope, httpAnswer, RawServer } from '../../client/raw-server.fixture.js';
import { AuthInterceptor } from '../../client/interceptors/auth.interceptor.js';
import { CacheInterceptor } from '../../client/interceptors/cache.interceptor.js';
import { ObserveInterceptor } from '../../client/interceptors/observe.interceptor.js';
import { RetryInterceptor } from '../../client/interceptors/retry.interceptor.js';
import type { VaultInterceptor } from '../../client/interceptors/vault-interceptor.js';
import { LeaseHealthIndicator } from '../health/lease.health-indicator.js';
import { VaultHealthIndicator } from '../health/vault.health-indicator.js';
import { ScheduledJobsClock } from '../connection/scheduled-jobs.clock.js';
import type { VaultModuleExtras, VaultModuleOptions } from '../vault.module-definition.js';
import { getVaultToken, InjectVault } from '../vault-tokens.js';
import { VaultModule } from '../vault.module.js';
import { VaultService } from '../vault.service.js';

// What a connection stands on is loaded with the spec: else the first test waits for it.
await import('../connection/vault-connection.parts.js');

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of open.splice(0).toReversed()) await close();
});

const metadata = { version: 1, created_time: '', deletion_time: '', destroyed: false };
const data = { ttl: 0, expire_time: null, accessor: 'a', data: { a: 1 }, metadata };

async function answeringServer(): Promise<RawServer> {
  const server = await new RawServer(() => httpAnswer(200, envelope(data))).listen();
  open.push(() => server.close());
  return server;
}

@Injectable()
class Consumer {
  constructor(@Inject(VaultService) readonly vault: VaultService) {}
}

@Injectable()
class AdminConsumer {
  constructor(@InjectVault('admin') readonly vault: VaultService) {}
}

const fake = { getSecret: () => Promise.resolve({ apiKey: 'fake' }) };

@Module({ providers: [{ provide: VaultService, useValue: fake }], exports: [VaultService] })
class FakeVaultModule {}

@Module({ imports: [FakeVaultModule], exports: [FakeVaultModule] })
class ReexportingModule {}

@Module({})
class EmptyModule {}

/** Compiles and starts an application whose Vault nobody may ask. */
async function started(builder: TestingModuleBuilder): Promise<TestingModule> {
  const module = await builder.compile();
  open.push(() => module.close());
  return module.init();
}

const application = (options: VaultModuleOptions & VaultModuleExtras, consumer: Type = Consumer): TestingModuleBuilder =>
  Test.createTestingModule({ imports: [VaultModule.forRoot(options)], providers: [consumer] });

describe('VaultModule in the tests of an application', () => {
  it.each<[string, (builder: TestingModuleBuilder) => TestingModuleBuilder]>([
    ['overrideProvider(VaultService)', (builder) => builder.overrideProvider(VaultService).useValue(fake)],
    ['overrideModule(VaultModule)', (builder) => builder.overrideModule(VaultModule).useModule(FakeVaultModule)],
    [
      'overrideModule(VaultModule) by a module that re-exports',
      (builder) => builder.overrideModule(VaultModule).useModule(ReexportingModule),
    ],
    [
      'overrideModule(VaultModule) by a dynamic module',
      (builder) =>
        builder
          .overrideModule(VaultModule)
          .useModule({ module: EmptyModule, providers: [{ provide: VaultService, useValue: fake }], exports: [VaultService] }),
    ],
  ])('asks no server after %s, and gives everybody the replacement', async (_, replace) => {
    for (const isGlobal of [true, false]) {
      const server = await answeringServer();
      const module = await started(replace(application({ address: server.address, auth: token('s.token'), isGlobal })));
      expect(module.get(Consumer).vault).toBe(fake);
      expect(server.requests).toEqual([]);
    }
  });

  it('asks no server after overrideModule(VaultModule) by a module that exports nothing', async () => {
    const server = await answeringServer();
    const builder = Test.createTestingModule({ imports: [VaultModule.forRoot({ address: server.address, auth: token('s.token') })] });
    await started(builder.overrideModule(VaultModule).useModule(EmptyModule));
    expect(server.requests).toEqual([]);
  });

  it.each<[string, (builder: TestingModuleBuilder) => TestingModuleBuilder]>([
    ['the service', (builder) => builder.overrideProvider(VaultService).useValue(fake)],
    ['the module', (builder) => builder.overrideModule(VaultModule).useModule(FakeVaultModule)],
  ])('needs no settings once %s is replaced', async (_, replace) => {
    for (const name of ['VAULT_ADDR', 'VAULT_TOKEN', 'VAULT_ROLE_ID']) vi.stubEnv(name, '');
    const module = await started(replace(application({})));
    expect(module.get(Consumer).vault).toBe(fake);
  });

  it('fails the start for settings that are missing when nothing is replaced', async () => {
    await expect(started(application({ environment: {} }))).rejects.toMatchObject({ setting: 'VAULT_ADDR' });
  });

  it('replaces a named connection by its token', async () => {
    const server = await answeringServer();
    const options = { name: 'admin', address: server.address, auth: token('s.token') };
    const module = await started(application(options, AdminConsumer).overrideProvider(getVaultToken('admin')).useValue(fake));
    expect(module.get(AdminConsumer).vault).toBe(fake);
    expect(server.requests).toEqual([]);
  });

  it('logs a named connection in no more once the module is replaced', async () => {
    const server = await answeringServer();
    const options = { name: 'admin', address: server.address, auth: token('s.token') };
    await started(application(options, AdminConsumer).overrideModule(VaultModule).useModule(FakeVaultModule));
    expect(server.requests).toEqual([]);
  });

  it('asks no server while an application is only put together', async () => {
    const server = await answeringServer();
    const module = await application({ address: server.address, auth: token('s.token') }).compile();
    expect(server.requests).toEqual([]);
    await module.init();
    open.push(() => module.close());
    expect(module.get(VaultService).session.state.kind).toBe('authenticated');
  });

  it('closes the connection of a log-in that fails the start', async () => {
    const server = await new RawServer(() => httpAnswer(403, '{"errors":["permission denied"]}')).listen();
    open.push(() => server.close());
    const module = await application({ address: server.address, auth: token('s.token') }).compile();
    await expect(module.init()).rejects.toMatchObject({ code: 'VAULT_AUTHENTICATION_FAILED' });
    expect(module.get(VaultService).session.state.kind).toBe('closed');
  });

  const passing: VaultInterceptor = { intercept: (request, next) => next(request) };
  it.each<[string, Type, unknown]>([
    ['CacheInterceptor', CacheInterceptor, passing],
    ['RetryInterceptor', RetryInterceptor, passing],
    ['AuthInterceptor', AuthInterceptor, passing],
    ['ObserveInterceptor', ObserveInterceptor, passing],
    ['VaultHealthIndicator', VaultHealthIndicator, {}],
    ['LeaseHealthIndicator', LeaseHealthIndicator, {}],
    ['ScheduledJobsClock', ScheduledJobsClock, new ScheduledJobsClock('test:')],
  ])('lets %s be replaced', async (_, type, value) => {
    const server = await answeringServer();
    const module = await started(
      application({ address: server.address, auth: token('s.token') })
        .overrideProvider(type)
        .useValue(value),
    );
    expect(module.get(type)).toBe(value);
    const vault = module.get(VaultService);
    expect((await vault.request({ method: 'GET', path: 'secret/app' })).data).toMatchObject({ accessor: 'a' });
    expect({ ...(await vault.getSecret('app')) }).toEqual({ a: 1 });
    expect(vault.cache.stats()).toBeDefined();
  });
});
