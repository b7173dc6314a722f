import { inspect } from 'node:util';
import { appRoleStatements, DevServices } from '@keyturn/dev-services';
import {
  CacheInterceptor,
  getVaultToken,
  InjectVault,
  isVaultError,
  RetryInterceptor,
  token,
  VaultModule,
  VaultService,
  type VaultHandler,
  type VaultInterceptor,
  type VaultModuleExtras,
  type VaultModuleOptions,
  type VaultRequest,
  type VaultResponse,
} from '@keyturn/vault';
import { Injectable, type LoggerService } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

let services: DevServices;
const open: TestingModule[] = [];
const lines: string[] = [];
const write = (line: unknown): void => void lines.push(String(line));
const logger: LoggerService = { log: write, warn: write, error: write };

beforeAll(async () => {
  services = await DevServices.start({
    openbao: {
      tls: true,
      kv: { app: { apiKey: 'sk_live_1', port: '443' }, away: { a: '1' } },
      database: {
        dynamicRoles: { reader: { creation_statements: appRoleStatements({ role: 'readers' }), default_ttl: '60s', max_ttl: '1h' } },
      },
    },
    postgres: { setup: ['CREATE ROLE readers'] },
  });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((module) => module.close()));
  lines.length = 0;
});
afterAll(() => services.stop());

async function start(options: VaultModuleOptions & VaultModuleExtras = {}): Promise<TestingModule> {
  const { address, rootToken, caFile } = services.openbao;
  const vault = VaultModule.forRoot({ address, auth: token(rootToken), tls: { caFile }, ...options });
  const module = await Test.createTestingModule({ imports: [vault] })
    .setLogger(logger)
    .compile();
  open.push(module);
  await module.init();
  return module;
}

describe('VaultService', () => {
  describe('its cache', () => {
    it('is primed, asked and emptied by name, without a call', async () => {
      const vault = (await start()).get(VaultService);
      expect(vault.cache.get('invented')).toBeUndefined();
      vault.cache.set('invented', { a: '1' }, { ttlMs: 60_000 });
      expect(vault.cache.get('invented')).toMatchObject({ a: '1' });
      expect(await vault.getSecret('invented')).toMatchObject({ a: '1' });
      expect(inspect(vault.cache.get('invented'))).toBe('[redacted]');
      vault.cache.delete('invented');
      await expect(vault.getSecret('invented')).rejects.toSatisfy((error) => isVaultError(error, 'VAULT_NOT_FOUND'));
      await vault.getSecret('app');
      vault.cache.clear();
      expect(vault.cache.stats().entries).toBe(0);
    });

    it('keeps for as long as it is told, by default and for a call', async () => {
      const vault = (await start()).get(VaultService);
      vault.cache.setTtl(1);
      await vault.getSecret('app');
      await vault.getSecret('away', { cacheTtlMs: 60_000 });
      await expect.poll(() => vault.cache.get('app')).toBeUndefined();
      expect(vault.cache.get('away')).toMatchObject({ a: '1' });
    });

    it('sees an own write at once', async () => {
      const vault = (await start()).get(VaultService);
      await vault.getSecret('app');
      await vault.secrets.kv.v2.patch({ path: 'app', secret: { port: '444' } });
      expect(await vault.getSecret('app')).toMatchObject({ port: '444' });
    });

    it('serves an older answer while Vault is away, marked as stale to who asks', async () => {
      const vault = (await start({ cache: { ttlMs: 1, staleIfUnavailableMs: 60_000 }, retry: false })).get(VaultService);
      await vault.getSecret('away');
      await services.faults.reset();
      try {
        await expect.poll(() => vault.cache.get('away')).toBeUndefined();
        expect(await vault.getSecret('away')).toMatchObject({ a: '1' });
        expect((await vault.secrets.kv.v2.readSecretVersion({ path: 'away' })).stale).toBe(true);
        await expect(vault.getSecret('away', { allowStale: false })).rejects.toSatisfy((error) => isVaultError(error, 'VAULT_UNREACHABLE'));
      } finally {
        await services.faults.heal();
      }
    });
  });

  it('gives what a schema makes of a secret', async () => {
    const vault = (await start()).get(VaultService);
    const schema = z.object({ apiKey: z.string(), port: z.coerce.number() });
    const { port } = await vault.getSecret('app', { schema });
    expect(port.toFixed()).toMatch(/^44[34]$/);
    const typed = await vault.secrets.kv.v2.readSecretVersion({ path: 'app', schema });
    expect(typed.data.data.apiKey).toBe('sk_live_1');
    await expect(vault.getSecret('app', { schema: z.object({ apiKey: z.number() }) })).rejects.toThrow('field apiKey is not a number');
  });

  it('gives database users that live until they are released', async () => {
    const vault = (await start()).get(VaultService);
    const credentials = await vault.getDatabaseCredentials('reader');
    expect(credentials.remainingMs()).toBeGreaterThan(30_000);
    expect(`${inspect(credentials)} ${JSON.stringify(credentials)}`).not.toContain(credentials.password);
    expect(vault.leases.summary().count).toBe(1);
    await credentials.release();
    expect(vault.leases.summary().count).toBe(0);
  });

  it('ends a call when its caller aborts or its time is up', async () => {
    const vault = (await start({ retry: false })).get(VaultService);
    await expect(vault.getSecret('app', { signal: AbortSignal.abort() })).rejects.toSatisfy((error) =>
      isVaultError(error, 'VAULT_ABORTED'),
    );
    await expect(vault.request({ method: 'GET', path: 'sys/mounts', timeoutMs: 0.01 })).rejects.toSatisfy((error) =>
      isVaultError(error, 'VAULT_TIMEOUT'),
    );
  });
});

describe('VaultModule', () => {
  it("puts the application's interceptors, made by Nest, where they belong", async () => {
    const module = await start({
      interceptors: [
        { use: TenantInterceptor, before: 'cache' },
        { use: new CountingInterceptor(), after: 'auth' },
      ],
    });
    const vault = module.get(VaultService);
    await vault.getSecret('app');
    await vault.getSecret('app');
    // Before the cache every call passes, also those that are answered from memory.
    expect(module.get(TenantInterceptor).seen).toEqual(['secret/data/app', 'secret/data/app']);
    expect(vault.cache.stats()).toMatchObject({ hits: 1, misses: 1 });
  });

  it('provides the built-in interceptors to who wants them', async () => {
    const module = await start();
    expect(module.get(CacheInterceptor)).toBeInstanceOf(CacheInterceptor);
    expect(module.get(RetryInterceptor)).toBeInstanceOf(RetryInterceptor);
  });

  it('keeps named connections apart', async () => {
    const module = await start({ name: 'other' });
    expect(await module.get<VaultService>(getVaultToken('other')).getSecret('app')).toMatchObject({ apiKey: 'sk_live_1' });
    expect(InjectVault('other')).toBeTypeOf('function');
  });

  it('warns when verification is switched off', async () => {
    await start({ tls: { skipVerify: true } });
    expect(lines.join('\n')).toContain('TLS verification is switched off');
  });

  it('shows no secret through the logger of Nest', async () => {
    const module = await start();
    const vault = module.get(VaultService);
    const secret = await vault.getSecret('app');
    logger.log(secret);
    logger.log(JSON.stringify([secret, vault]));
    logger.log(inspect([secret, vault, vault.session.state], { depth: 9 }));
    expect(lines.join('\n')).not.toMatch(new RegExp(`sk_live|${services.openbao.rootToken}`));
  });
});

@Injectable()
class TenantInterceptor implements VaultInterceptor {
  readonly seen: string[] = [];

  intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    this.seen.push(request.path);
    return next(request);
  }
}

class CountingInterceptor implements VaultInterceptor {
  intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    return next(request);
  }
}
