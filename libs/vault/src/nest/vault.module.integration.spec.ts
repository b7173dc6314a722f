import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test, type TestingModule } from '@nestjs/testing';
import { DevServices } from '@keyturn/dev-services';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { appRole } from '../auth/approle/approle.auth-method.js';
import { token } from '../auth/token/token.auth-method.js';
import { isVaultError } from '../errors/is-vault-error.js';
import type { SessionEvent } from '../session/session.events.js';
import { LeaseHealthIndicator } from './health/lease.health-indicator.js';
import { VaultHealthIndicator } from './health/vault.health-indicator.js';
import { getVaultToken } from './vault-tokens.js';
import { VaultModule } from './vault.module.js';
import type { VaultModuleExtras, VaultModuleOptions } from './vault.module-definition.js';
import { VaultService } from './vault.service.js';

let services: DevServices;
const open: TestingModule[] = [];
const folders: string[] = [];
const secret = 'never-to-be-shown';

beforeAll(async () => {
  services = await DevServices.start({
    openbao: {
      tls: true,
      approle: { app: {}, short: { token_ttl: '2s', token_max_ttl: '4s' }, renewed: { token_ttl: '2s', token_max_ttl: '1h' } },
      kv: { 'stripe/production': { apiKey: 'sk_live_1' } },
    },
  });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((module) => module.close()));
});
afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
  await services.stop();
});

async function start(options: VaultModuleOptions & VaultModuleExtras): Promise<TestingModule> {
  const module = await Test.createTestingModule({ imports: [ScheduleModule.forRoot(), VaultModule.forRoot(options)] }).compile();
  open.push(module);
  return module.init();
}

async function startAs(role: string, more: VaultModuleOptions = {}): Promise<{ module: TestingModule; vault: VaultService }> {
  const auth = appRole(await services.openbao.approle(role));
  const module = await start({ address: services.openbao.address, tls: { caFile: services.openbao.caFile }, auth, ...more });
  return { module, vault: module.get(VaultService) };
}

const good = async (): Promise<VaultModuleOptions> => ({
  address: services.openbao.address,
  tls: { caFile: services.openbao.caFile },
  auth: appRole(await services.openbao.approle('app')),
});

/** Resolves with the first event of that type from now on. */
function nextEvent(vault: VaultService, type: SessionEvent['type']): Promise<SessionEvent> {
  return new Promise((resolve) => {
    const stop = vault.events.session.subscribe((event) => {
      if (event.type !== type) return;
      stop();
      resolve(event);
    });
  });
}

describe('VaultModule', () => {
  it('reads a secret over TLS with an AppRole log-in, from the cache the second time', async () => {
    const { vault } = await startAs('app');
    const { apiKey } = await vault.getSecret<{ apiKey: string }>('stripe/production');
    expect(apiKey).toBe('sk_live_1');
    await vault.getSecret('stripe/production');
    expect(vault.cache?.stats()).toMatchObject({ hits: 1, misses: 1 });
  });

  it('asks Vault once for a thousand concurrent readers', async () => {
    const { vault } = await startAs('app');
    let exchanges = 0;
    vault.events.exchanges.subscribe(() => (exchanges += 1));
    await Promise.all(Array.from({ length: 1_000 }, () => vault.getSecret('stripe/production')));
    expect(exchanges).toBe(1);
  });

  it('lists its timers in SchedulerRegistry', async () => {
    const { module } = await startAs('app');
    expect(module.get(SchedulerRegistry).getTimeouts()).toContain('vault:token');
  });

  it('keeps named connections apart', async () => {
    const { address, caFile, rootToken } = services.openbao;
    const module = await Test.createTestingModule({
      imports: [
        VaultModule.forRoot({ address, tls: { caFile }, auth: appRole(await services.openbao.approle('app')) }),
        VaultModule.forRootAsync({ name: 'admin', useFactory: () => ({ address, tls: { caFile }, auth: token(rootToken) }) }),
      ],
    }).compile();
    open.push(module);
    await module.init();
    const admin = module.get<VaultService>(getVaultToken('admin'));
    expect(admin.session.method).toBe('token');
    expect(module.get(VaultService).session.method).toBe('approle');
    expect(admin.session.remainingMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it('reads the environment when it is given nothing', async () => {
    const environment = await services.environment({ approle: 'app' });
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const module = await start({});
    vi.unstubAllEnvs();
    expect(module.get(VaultService).session.state.kind).toBe('authenticated');
  });

  describe('the session', () => {
    it('renews a token of 2 s for as long as its max TTL allows', async () => {
      const { vault } = await startAs('renewed');
      const event = await nextEvent(vault, 'tokenRenewed');
      expect(event).toEqual({ type: 'tokenRenewed', epoch: 1, ttlMs: 2_000 });
      expect(vault.session.remainingMs()).toBeGreaterThan(1_000);
    });

    it('logs in anew before the max TTL of the token ends, without a failed call', async () => {
      const { vault } = await startAs('short');
      while (vault.session.epoch < 2) await vault.getSecret('stripe/production', { bypassCache: true });
      expect(vault.session.state.kind).toBe('authenticated');
    });

    it('survives that an operator revokes the token: the next call logs in again', async () => {
      const { vault } = await startAs('app');
      const credential = await vault.session.current();
      await services.openbao.api('POST', 'auth/token/revoke', { token: credential.value.reveal() });
      const replaced = nextEvent(vault, 'tokenReplaced');
      const readers = await Promise.all(
        Array.from({ length: 20 }, () => vault.getSecret<{ apiKey: string }>('stripe/production', { bypassCache: true })),
      );
      expect(readers.map(({ apiKey }) => apiKey)).toEqual(Array.from({ length: 20 }, () => 'sk_live_1'));
      expect(await replaced).toMatchObject({ reason: 'revoked' });
      expect(vault.session.epoch).toBe(2);
    });

    it('revokes its token at shutdown', async () => {
      const { module, vault } = await startAs('app');
      const credential = await vault.session.current();
      await module.close();
      const lookup = await services.openbao
        .api('POST', 'auth/token/lookup', { token: credential.value.reveal() })
        .catch((error: unknown) => error);
      expect(lookup).toBeInstanceOf(Error);
    });

    it('never revokes a token that it was given', async () => {
      const { address, caFile, rootToken } = services.openbao;
      const module = await start({ address, tls: { caFile }, auth: token(rootToken) });
      await module.close();
      await expect(services.openbao.api('GET', 'auth/token/lookup-self')).resolves.toBeDefined();
    });
  });

  describe('health', () => {
    it('reports token, seal state and leases', async () => {
      const { module } = await startAs('app');
      expect(await module.get(VaultHealthIndicator).isHealthy()).toMatchObject({
        vault: { status: 'up', state: 'authenticated', sealed: false },
      });
      expect(module.get(LeaseHealthIndicator).isHealthy()).toEqual({
        leases: { status: 'up', count: 0, soonestExpirySeconds: null, failing: 0 },
      });
    });

    it('is degraded while Vault cannot be reached and the token lives', async () => {
      const { module } = await startAs('app');
      // Also the connection of the log-in, which lives on when new ones are refused.
      await services.faults.reset();
      try {
        expect(await module.get(VaultHealthIndicator).isHealthy()).toMatchObject({
          vault: { status: 'degraded', lastErrorCode: 'VAULT_UNREACHABLE' },
        });
      } finally {
        await services.faults.heal();
      }
    });
  });

  describe('refuses to start', () => {
    it.each<[string, string, RegExp, () => Promise<VaultModuleOptions>]>([
      [
        'a malformed address',
        'VAULT_CONFIGURATION_INVALID',
        /VAULT_ADDR/,
        async () => ({ ...(await good()), address: 'vault.example.com:8200' }),
      ],
      [
        'an address with credentials',
        'VAULT_CONFIGURATION_INVALID',
        /VAULT_ADDR/,
        async () => ({ ...(await good()), address: `https://me:${secret}@localhost` }),
      ],
      [
        'an unknown option',
        'VAULT_CONFIGURATION_INVALID',
        /retries/,
        async () => ({ ...(await good()), retries: 3 }) as VaultModuleOptions,
      ],
      ['a negative limit', 'VAULT_CONFIGURATION_INVALID', /http\.timeoutMs/, async () => ({ ...(await good()), http: { timeoutMs: -1 } })],
      [
        'an empty role id',
        'VAULT_CONFIGURATION_INVALID',
        /VAULT_ROLE_ID/,
        async () => ({ ...(await good()), auth: appRole({ roleId: ' ', secretId: secret }) }),
      ],
      [
        'a missing CA file',
        'VAULT_CONFIGURATION_INVALID',
        /VAULT_CACERT.*ENOENT/,
        async () => ({ ...(await good()), tls: { caFile: '/nowhere/ca.pem' } }),
      ],
      [
        'a CA file without a certificate',
        'VAULT_CONFIGURATION_INVALID',
        /VAULT_CACERT/,
        async () => {
          const caFile = join(await mkdtemp(join(tmpdir(), 'keyturn-')), 'not-a-ca.pem');
          folders.push(dirname(caFile));
          await writeFile(caFile, secret);
          return { ...(await good()), tls: { caFile } };
        },
      ],
      ['a CA that did not sign the certificate', 'VAULT_TLS_FAILED', /VAULT_CACERT/, async () => ({ ...(await good()), tls: {} })],
      [
        'a wrong secret id',
        'VAULT_AUTHENTICATION_FAILED',
        /VAULT_SECRET_ID/,
        async () => {
          const { roleId } = await services.openbao.approle('app');
          return { ...(await good()), auth: appRole({ roleId, secretId: secret }) };
        },
      ],
      ['a wrong token', 'VAULT_AUTHENTICATION_FAILED', /VAULT_TOKEN/, async () => ({ ...(await good()), auth: token(secret) })],
      [
        'a server that is not there',
        'VAULT_UNREACHABLE',
        /VAULT_ADDR/,
        async () => ({ ...(await good()), address: 'https://127.0.0.1:1', retry: false }),
      ],
      [
        'plain HTTP spoken to a TLS port',
        'VAULT_TLS_FAILED',
        /https:/,
        async () => ({ ...(await good()), address: services.openbao.address.replace('https', 'http') }),
      ],
    ])('with %s', async (_, code, message, options) => {
      const failure: unknown = await options()
        .then(start)
        .catch((error: unknown) => error);
      expect(isVaultError(failure)).toBe(true);
      expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
      expect(JSON.stringify(failure) + String(failure)).not.toContain(secret);
    });
  });
});
