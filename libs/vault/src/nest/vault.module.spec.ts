import type { LoggerService } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { appRole } from '../auth/approle/approle.auth-method.js';
import { token } from '../auth/token/token.auth-method.js';
import { envelope, httpAnswer, RawServer } from '../client/raw-server.fixture.js';
import type { VaultInterceptor } from '../client/interceptors/vault-interceptor.js';
import type { VaultModuleExtras, VaultModuleOptions } from './vault.module-definition.js';
import { VaultHealthIndicator } from './health/vault.health-indicator.js';
import { VaultModule } from './vault.module.js';
import { VaultService } from './vault.service.js';

// What a connection stands on is loaded with the spec: else the first test waits for it.
await import('./connection/vault-connection.parts.js');

const open: (() => Promise<unknown>)[] = [];
const lines: string[] = [];
const write = (line: unknown): void => void lines.push(String(line));
const logger: LoggerService = { log: write, warn: write, error: write };
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
  lines.length = 0;
});

async function start(options: VaultModuleOptions & VaultModuleExtras = {}): Promise<TestingModule> {
  const server = await new RawServer(() => httpAnswer(200, envelope({ ttl: 0, expire_time: null, accessor: 'a' }))).listen();
  open.push(() => server.close());
  return compile(VaultModule.forRoot({ address: server.address, auth: token('s.token'), ...options }));
}

async function compile(vault: ReturnType<typeof VaultModule.forRoot>): Promise<TestingModule> {
  const module = await Test.createTestingModule({ imports: [vault] })
    .setLogger(logger)
    .compile();
  open.push(() => module.close());
  return module.init();
}

/** The address of a server that gives a token to every log-in. */
async function listening(): Promise<string> {
  const auth = { client_token: 's.new', accessor: 'a', lease_duration: 60, renewable: true };
  const server = await new RawServer(() => httpAnswer(200, envelope({ ttl: 0, expire_time: null, accessor: 'a' }, { auth }))).listen();
  open.push(() => server.close());
  return server.address;
}

describe('VaultModule', () => {
  it('starts in an application that has not installed @nestjs/schedule', async () => {
    vi.doMock('@nestjs/schedule', () => {
      throw new Error("Cannot find package '@nestjs/schedule'");
    });
    const module = await start();
    vi.doUnmock('@nestjs/schedule');
    expect(module.get(VaultService).session.state.kind).toBe('authenticated');
  });

  it('starts in an application that has installed @nestjs/schedule and does not import it', async () => {
    expect((await start()).get(VaultService).session.state.kind).toBe('authenticated');
  });

  it('asks for the first secret on the connection of the log-in', async () => {
    const server = await new RawServer(() => httpAnswer(200, envelope({ ttl: 0, expire_time: null, accessor: 'a' }))).listen();
    open.push(() => server.close());
    const secret = {
      provide: 'SECRET',
      inject: [VaultService],
      useFactory: (vault: VaultService) => vault.request({ method: 'GET', path: 'secret/app' }),
    };
    const vault = VaultModule.forRoot({ address: server.address, auth: token('s.token') });
    const module = await Test.createTestingModule({ imports: [vault], providers: [secret] }).compile();
    open.push(() => module.close());
    const [logIn, first] = server.requests;
    expect([logIn?.target, first?.target]).toEqual(['/v1/auth/token/lookup-self', '/v1/secret/app']);
    expect(first?.socket).toBe(logIn?.socket);
  });

  it('logs that a listener threw, and not what it threw', async () => {
    const module = await start();
    module.get(VaultService).events.session.subscribe(() => {
      throw new Error('hunter2');
    });
    await module.close();
    expect(lines).toContain('A listener of a Vault event threw an error.');
    expect(lines.join('\n')).not.toContain('hunter2');
    expect(lines.at(-1)).toBe('A listener of a Vault event threw an error.');
  });

  describe('when only a part of the options is given', () => {
    afterEach(() => vi.unstubAllEnvs());

    it.each<[string, (at: string) => VaultModuleOptions, (at: string) => Record<string, string>]>([
      ['the token, not the address', (at) => ({ address: at }), () => ({ VAULT_TOKEN: 's.token' })],
      ['the token, not an address that is wrong', (at) => ({ address: at }), () => ({ VAULT_TOKEN: 's', VAULT_ADDR_FILE: '/none' })],
      ['the address, not the credentials', () => ({ auth: appRole({ roleId: 'r' }) }), (at) => ({ VAULT_ADDR: at })],
      [
        'the address, not a method that it does not know',
        () => ({ auth: token('s.token') }),
        (at) => ({ VAULT_ADDR: at, VAULT_AUTH_METHOD: 'kubernetes' }),
      ],
    ])('takes %s from the environment', async (_, options, environment) => {
      const at = await listening();
      for (const [name, value] of Object.entries(environment(at))) vi.stubEnv(name, value);
      const module = await compile(VaultModule.forRoot(options(at)));
      expect(module.get(VaultService).session.state.kind).toBe('authenticated');
    });

    it.each<[string, VaultModuleOptions & VaultModuleExtras, Record<string, string>, object]>([
      ['VAULT_CACERT beside tls.serverName', { tls: { serverName: 'x' } }, { VAULT_CACERT: '/none.pem' }, { setting: 'VAULT_CACERT' }],
      ['VAULT_PROXY_ADDR beside http.timeoutMs', { http: { timeoutMs: 9 } }, { VAULT_PROXY_ADDR: 'x' }, { setting: 'VAULT_PROXY_ADDR' }],
      ['VAULT_MAX_RETRIES beside address and auth', {}, { VAULT_MAX_RETRIES: 'x' }, { setting: 'VAULT_MAX_RETRIES' }],
    ])('reads %s', async (_, options, environment, refusal) => {
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
      await expect(start(options)).rejects.toMatchObject(refusal);
    });

    it('reads nothing with `environment: false`', async () => {
      vi.stubEnv('VAULT_MAX_RETRIES', 'x');
      expect((await start({ environment: false })).get(VaultService).session.state.kind).toBe('authenticated');
    });

    it('reads the environment that is given, and not that of the process', async () => {
      vi.stubEnv('VAULT_TOKEN', '');
      vi.stubEnv('VAULT_MAX_RETRIES', 'x');
      const module = await compile(VaultModule.forRoot({ address: await listening(), environment: { VAULT_TOKEN: 's.token' } }));
      expect(module.get(VaultService).session.state.kind).toBe('authenticated');
    });

    it('names what neither has', async () => {
      vi.stubEnv('VAULT_TOKEN', 's.token');
      await expect(compile(VaultModule.forRoot({ auth: token('s.token') }))).rejects.toMatchObject({ setting: 'VAULT_ADDR' });
    });
  });

  it('listens once for the end of the process, however many connections there are', async () => {
    const before = process.listenerCount('beforeExit');
    const modules = [await start(), await start({ name: 'other' }), await start({ name: 'third' })];
    expect(process.listenerCount('beforeExit')).toBe(before + 1);
    await modules[0]?.close();
    expect(process.listenerCount('beforeExit')).toBe(before + 1);
    for (const module of modules) await module.close();
    expect(process.listenerCount('beforeExit')).toBe(before);
  });

  it('closes every connection when the process runs out of work', async () => {
    const modules = [await start(), await start()];
    const events = modules.map((module) => {
      const { session } = module.get(VaultService).events;
      return new Promise<void>((resolve) => session.subscribe(({ type }) => type === 'sessionClosed' && resolve()));
    });
    process.emit('beforeExit', 0);
    await Promise.all(events);
    expect(modules.map((module) => module.get(VaultService).session.state.kind)).toEqual(['closed', 'closed']);
  });

  it('warns when verification is switched off', async () => {
    await start({ tls: { skipVerify: true } });
    expect(lines.join('\n')).toContain('TLS verification is switched off');
  });

  it('refuses options that a factory forgot to return', async () => {
    const forgetful = VaultModule.forRootAsync({ useFactory: () => undefined as unknown as VaultModuleOptions });
    await expect(compile(forgetful)).rejects.toMatchObject({ code: 'VAULT_CONFIGURATION_INVALID' });
  });

  it("is degraded in health when an application's interceptor fails the question, and shows no code that is not Vault's", async () => {
    const failing: VaultInterceptor = {
      intercept: (request, next) => (request.path === 'sys/seal-status' ? Promise.reject(new TypeError('bug')) : next(request)),
    };
    const module = await start({ interceptors: [{ use: failing, after: 'auth' }] });
    const { vault } = await module.get(VaultHealthIndicator).isHealthy();
    expect(vault).toMatchObject({ status: 'degraded', state: 'authenticated' });
    expect(vault).not.toHaveProperty('lastErrorCode');
  });

  it.each([{ before: 'cache' }, { after: 'cache' }, { before: 'auth' }, { after: 'auth' }, { after: 'observe' }] as const)(
    'waits for no interceptor that hangs longer than a call may take: %o',
    async (place) => {
      const hung: VaultInterceptor = {
        intercept: (request, next) => (request.path.startsWith('secret/') ? new Promise(() => undefined) : next(request)),
      };
      const module = await start({ interceptors: [{ use: hung, ...place }], http: { timeoutMs: 200 } });
      const asked = [module.get(VaultService).getSecret('app'), module.get(VaultService).getSecret('app')];
      for (const outcome of await Promise.allSettled(asked)) expect(outcome).toMatchObject({ reason: { code: 'VAULT_TIMEOUT' } });
    },
  );
});
