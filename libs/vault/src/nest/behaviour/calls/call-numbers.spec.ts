import { describe, expect, it } from 'vitest';
import type { AuthMethod } from '../../../auth/auth-method.js';
import { envelope, httpAnswer } from '../../../client/raw-server.fixture.js';
import { isVaultError } from '../../../errors/is-vault-error.js';
import { SystemClock } from '../../../support/time/system-clock.js';
import { rawVault } from '../raw-vault.fixture.js';
import type { VaultService } from '../../vault.service.js';

const leased = { username: 'u', password: 'p' };
const reply = (): string => httpAnswer(200, envelope(leased, { lease_id: 'database/creds/app/1', lease_duration: 60, renewable: true }));
const noTimes: readonly [string, unknown][] = [
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['a negative number', -1],
  ['text', '3000'],
  ['null', null],
];

type Call = (vault: VaultService, value: never) => Promise<unknown>;
const read = { method: 'GET', path: 'secret/app' } as const;
const calls: Readonly<Record<string, Call>> = {
  'timeoutMs of request': (vault, timeoutMs) => vault.request({ ...read, timeoutMs }),
  'cacheTtlMs of request': (vault, cacheTtlMs) => vault.request({ ...read, cacheTtlMs }),
  'timeoutMs of getSecret': (vault, timeoutMs) => vault.getSecret('app', { timeoutMs }),
  'cacheTtlMs of getSecret': (vault, cacheTtlMs) => vault.getSecret('app', { cacheTtlMs }),
  'timeoutMs of getDatabaseCredentials': (vault, timeoutMs) => vault.getDatabaseCredentials('app', { timeoutMs }),
  'timeoutMs of an engine': (vault, timeoutMs) => vault.sys.readHealthStatus({ timeoutMs }),
};
const refuses = (change: () => void): boolean => {
  try {
    change();
    return false;
  } catch (error) {
    return isVaultError(error, 'VAULT_CONFIGURATION_INVALID');
  }
};
const refusalOf = (name: string): object => ({ code: 'VAULT_CONFIGURATION_INVALID', setting: name.split(' ')[0], sent: false });

describe('the numbers of a call', () => {
  it.each(Object.entries(calls).flatMap(([name, call]) => noTimes.map(([shown, value]) => [name, shown, call, value] as const)))(
    'are refused by name and not sent: %s as %s',
    async (name, _, call, value) => {
      const { vault, requests } = await rawVault(reply);
      await expect(call(vault, value as never)).rejects.toMatchObject(refusalOf(name));
      expect(requests).toEqual([]);
    },
  );

  it.each([
    ['no text', 60],
    ['no duration', 'soon'],
    ['nothing', '0s'],
    ['negative', '-5s'],
  ])('are refused by name in a wrap TTL that is %s', async (_, wrapTtl) => {
    const { vault, requests } = await rawVault(reply);
    await expect(vault.request({ ...read, wrapTtl: wrapTtl as string })).rejects.toMatchObject(refusalOf('wrapTtl'));
    expect(requests).toEqual([]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('are refused by name in a query: %s', async (version) => {
    const { vault, requests } = await rawVault(reply);
    await expect(vault.request({ ...read, query: { version } })).rejects.toMatchObject(refusalOf('version'));
    expect(requests).toEqual([]);
  });

  // Of the server version -1 is the latest, and depth -1 is every level.
  it.each([-1, 1.5, Number.NaN, null, 'latest'])('are refused by name in the version and depth of a secret: %s', async (value) => {
    const { vault, requests } = await rawVault(reply);
    const { kv } = vault.secrets;
    const [version, depth] = [value as number, value as number];
    await expect(vault.getSecret('app', { version })).rejects.toMatchObject(refusalOf('version'));
    await expect(kv.v2.readSecretVersion({ path: 'app', version })).rejects.toMatchObject(refusalOf('version'));
    await expect(kv.v2.readSubkeys({ path: 'app', version })).rejects.toMatchObject(refusalOf('version'));
    await expect(kv.v2.readSubkeys({ path: 'app', depth })).rejects.toMatchObject(refusalOf('depth'));
    expect(requests.filter(({ target }) => !target.includes('internal/ui/mounts'))).toEqual([]);
  });

  it.each(noTimes)('are refused by name where a lease is shortened or revoked within %s', async (_, value) => {
    const { vault, requests } = await rawVault(reply);
    const { lease } = await vault.getDatabaseCredentials('app');
    const before = requests.length;
    await expect(lease.shorten(value as never)).rejects.toMatchObject(refusalOf('afterMs'));
    await expect(lease.revoke(value as never)).rejects.toMatchObject(refusalOf('timeoutMs'));
    expect(requests).toHaveLength(before);
    expect(lease.state.kind).toBe('renewing');
  });

  it.each(noTimes)('are refused by name where an auth method of the application asks Vault within %s', async (_, value) => {
    const auth: AuthMethod = {
      name: 'own',
      login: async ({ send }) => {
        await send({ method: 'POST', path: 'auth/own/login', body: {}, timeoutMs: value as number });
        throw new Error('was sent');
      },
    };
    await expect(rawVault(reply, { auth })).rejects.toMatchObject(refusalOf('timeoutMs'));
  });

  it.each(noTimes)('are refused in a TTL of the cache: %s', async (_, value) => {
    const { vault } = await rawVault(reply, { cache: {} });
    expect(refuses(() => vault.cache.setTtl(value as never))).toBe(true);
    expect(refuses(() => vault.cache.set('app', { a: 1 }, { ttlMs: value as never }))).toBe(true);
  });

  it.each([Number.NaN, '3000', null])('are refused by a timer: %s', (delayMs) => {
    expect(() => new SystemClock().setTimer(() => undefined, delayMs as number)).toThrow(/delayMs/);
  });
});
