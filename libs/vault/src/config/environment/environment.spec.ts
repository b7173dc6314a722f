import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isVaultError } from '../../errors/is-vault-error.js';
import type { VaultRequest } from '../../client/request/vault-request.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import { completedFromEnvironment, vaultOptionsFromEnvironment } from './environment.js';
import type { Environment } from './environment-variables.js';
import { resolveVaultOptions } from '../resolve-options.js';
import type { VaultOptions } from '../vault-options.js';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-env-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const folderWithDanglingLink = (): string => {
  const path = mkdtempSync(join(folder, 'dangling-'));
  symlinkSync('/none/ca.pem', join(path, 'ca.pem'));
  return path;
};
const base: Environment = { VAULT_ADDR: 'https://vault.test:8200', VAULT_TOKEN: 's.token' };
const away = (): Promise<never> => Promise.reject(new VaultUnreachableError('away'));
/** The setting is named to people by the message and to programs by itself. */
const configurationError = (setting: string) =>
  expect.toSatisfy(
    (error: unknown) =>
      error instanceof VaultConfigurationError &&
      isVaultError(error, 'VAULT_CONFIGURATION_INVALID') &&
      error.setting === setting &&
      error.message.includes(setting),
  );

describe('vaultOptionsFromEnvironment', () => {
  it.each<[string, Environment, object]>([
    ['the address', {}, { address: 'https://vault.test:8200' }],
    ['its older name VAULT_URL', { VAULT_ADDR: '', VAULT_URL: 'https://old.test' }, { address: 'https://old.test' }],
    ['BAO_* before VAULT_*', { BAO_ADDR: 'https://bao.test' }, { address: 'https://bao.test' }],
    ['a file', { VAULT_ADDR: undefined, VAULT_ADDR_FILE: file('addr', 'https://file.test\n') }, { address: 'https://file.test' }],
    [
      'BAO_ADDR before VAULT_ADDR_FILE',
      { BAO_ADDR: 'https://bao.test', VAULT_ADDR_FILE: file('vault-addr', 'https://file.test') },
      { address: 'https://bao.test' },
    ],
    ['BAO_URL before VAULT_ADDR', { BAO_URL: 'https://bao.test' }, { address: 'https://bao.test' }],
    ['a namespace', { VAULT_NAMESPACE: 'team' }, { namespace: 'team' }],
    ['a time-out in seconds', { VAULT_CLIENT_TIMEOUT: '15' }, { http: { timeoutMs: 15_000, proxy: undefined } }],
    ['repetitions', { VAULT_MAX_RETRIES: '0' }, { retry: { attempts: 1 } }],
    ['a proxy of its own', { VAULT_PROXY_ADDR: 'http://proxy.test:3128' }, { http: { proxy: 'http://proxy.test:3128' } }],
    ['the general proxy for https', { HTTPS_PROXY: 'http://proxy.test:3128' }, { http: { proxy: 'http://proxy.test:3128' } }],
    ['TLS files', { VAULT_CACERT: 'ca.pem', VAULT_CAPATH: 'cas' }, { tls: { caFile: 'ca.pem', caFolder: 'cas' } }],
    ['verification left on by false', { VAULT_SKIP_VERIFY: 'false' }, { tls: { skipVerify: undefined } }],
    ['verification switched off by true', { VAULT_SKIP_VERIFY: 'true' }, { tls: { skipVerify: true } }],
  ])('reads %s', (_, environment, expected) => expect(vaultOptionsFromEnvironment({ ...base, ...environment })).toMatchObject(expected));

  it.each<[string, Environment]>([
    ['HTTP_PROXY', { HTTP_PROXY: 'http://proxy.test:3128' }],
    ['HTTPS_PROXY for a plain-HTTP address', { VAULT_ADDR: 'http://vault.test', HTTPS_PROXY: 'http://proxy.test' }],
    ['HTTPS_PROXY for this machine', { VAULT_ADDR: 'https://127.0.0.1:8200', HTTPS_PROXY: 'http://proxy.test' }],
    ['HTTPS_PROXY for a host of NO_PROXY', { HTTPS_PROXY: 'http://proxy.test', NO_PROXY: 'x, .test' }],
    ['HTTPS_PROXY with NO_PROXY=*', { HTTPS_PROXY: 'http://proxy.test', NO_PROXY: '*' }],
  ])('takes no proxy from %s', (_, environment) =>
    expect(vaultOptionsFromEnvironment({ ...base, ...environment }).http?.proxy).toBeUndefined(),
  );

  it.each<[string, Environment, string]>([
    ['no address', { VAULT_ADDR: undefined }, 'VAULT_ADDR'],
    ['no token', { VAULT_TOKEN: '' }, 'VAULT_TOKEN'],
    ['an address file that is not there', { VAULT_ADDR_FILE: '/none/addr' }, 'VAULT_ADDR_FILE'],
    ['an address file of BAO_* that is not there', { BAO_ADDR_FILE: '/none/addr' }, 'BAO_ADDR_FILE'],
    ['AppRole without a role id', { VAULT_AUTH_METHOD: 'approle' }, 'VAULT_ROLE_ID'],
    ['an unknown auth method', { VAULT_AUTH_METHOD: 'magic' }, 'VAULT_AUTH_METHOD'],
    ['a time-out that is none', { VAULT_CLIENT_TIMEOUT: 'soon' }, 'VAULT_CLIENT_TIMEOUT'],
    ['a time-out of nothing', { VAULT_CLIENT_TIMEOUT: '0s' }, 'VAULT_CLIENT_TIMEOUT'],
    ['repetitions that are no number', { VAULT_MAX_RETRIES: 'many' }, 'VAULT_MAX_RETRIES'],
    ['an unclear skip-verify', { VAULT_SKIP_VERIFY: 'perhaps' }, 'VAULT_SKIP_VERIFY'],
  ])('refuses %s by its name', (_, environment, setting) =>
    expect(() => vaultOptionsFromEnvironment({ ...base, ...environment })).toThrow(configurationError(setting)),
  );

  it('reads a file each time it is asked', () => {
    const path = file('moving-addr', 'https://first.test');
    const address = (): unknown => vaultOptionsFromEnvironment({ ...base, VAULT_ADDR_FILE: path }).address;
    expect(address()).toBe('https://first.test');
    file('moving-addr', 'https://second.test');
    expect(address()).toBe('https://second.test');
  });

  it.each<[string, Environment, string]>([
    ['BAO_TOKEN before VAULT_TOKEN_FILE', { BAO_TOKEN: 'bao', VAULT_TOKEN_FILE: file('vault-token', 'vault') }, 'bao'],
    ['BAO_TOKEN_FILE before BAO_TOKEN', { BAO_TOKEN: 'bao', BAO_TOKEN_FILE: file('bao-token', 'bao-file') }, 'bao-file'],
    ['VAULT_TOKEN_FILE before VAULT_TOKEN', { VAULT_TOKEN_FILE: file('vault-token-2', 'vault-file') }, 'vault-file'],
  ])('takes the token from %s', async (_, environment, expected) => {
    const sent: unknown[] = [];
    const send = (request: VaultRequest): Promise<never> => {
      sent.push(typeof request.token === 'object' ? request.token.value.reveal() : request.token);
      return Promise.reject(new VaultUnreachableError('away'));
    };
    const { auth } = vaultOptionsFromEnvironment({ ...base, ...environment });
    await expect(auth.login({ send })).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
    expect(sent).toEqual([expected]);
  });

  it('logs in with AppRole when a role id is given', () => {
    expect(vaultOptionsFromEnvironment({ ...base, VAULT_ROLE_ID: 'r', VAULT_SECRET_ID_FILE: file('secret', 's') }).auth.name).toBe(
      'approle',
    );
  });
});

describe('resolveVaultOptions', () => {
  const options = vaultOptionsFromEnvironment(base);

  it('fills in every default', () => {
    expect(resolveVaultOptions(options)).toMatchObject({
      cache: { ttlMs: 300_000, maxEntries: 1_000, staleIfUnavailableMs: 0 },
      retry: { attempts: 3, initialDelayMs: 500, maxDelayMs: 30_000, budget: { ratio: 0.2, reserve: 20 } },
      http: { timeoutMs: 15_000, connectTimeoutMs: 5_000, maxResponseBytes: 1_048_576, maxConnections: 32 },
    });
  });

  it('makes one attempt when repetition is switched off', () =>
    expect(resolveVaultOptions({ ...options, retry: false }).retry.attempts).toBe(1));

  it.each<[string, object, string]>([
    ['an address with a path', { address: 'https://vault.test/ui' }, 'VAULT_ADDR'],
    ['an address with credentials', { address: 'https://user:hunter2@vault.test' }, 'VAULT_ADDR'],
    ['an address that is none', { address: 'vault' }, 'VAULT_ADDR'],
    ['no auth method', { auth: { login: 1 } }, 'VAULT_AUTH_METHOD'],
    ['an unknown option', { colour: 'red' }, 'colour'],
    ['an unknown option of a part', { http: { colour: 'red' } }, 'http.colour'],
    ['an unknown option of the cache', { cache: { colour: 'red' } }, 'cache.colour'],
    ['a negative TTL', { cache: { ttlMs: -1 } }, 'cache.ttlMs'],
    ['attempts that are no number', { retry: { attempts: 'many' } }, 'retry.attempts'],
    ['a cache that is neither false nor options', { cache: 5 }, 'cache'],
    ['the first of several mistakes', { http: { timeoutMs: 'soon' }, kv: { mountPoint: '' } }, 'VAULT_CLIENT_TIMEOUT'],
    ['a proxy that is no address', { http: { proxy: 'proxy.test:3128' } }, 'VAULT_PROXY_ADDR'],
    [
      'a proxy for a plain-HTTP address, which would show it the token',
      { address: 'http://vault.test', http: { proxy: 'http://proxy.test' } },
      'VAULT_PROXY_ADDR',
    ],
    ['a certificate without its key', { tls: { certFile: 'c.pem' } }, 'VAULT_CLIENT_KEY'],
    ['a key without its certificate', { tls: { keyFile: 'c.key' } }, 'VAULT_CLIENT_CERT'],
    ['a CA file that is not there', { tls: { caFile: '/none/ca.pem' } }, 'VAULT_CACERT'],
    ['a CA file without certificate', { tls: { caFile: file('empty.pem', 'hello') } }, 'VAULT_CACERT'],
    ['a CA text without certificate', { tls: { ca: 'hello' } }, 'VAULT_CACERT_BYTES'],
    ['a CA folder that is not there', { tls: { caFolder: '/none' } }, 'VAULT_CAPATH'],
    ['a CA folder without certificate', { tls: { caFolder: folder } }, 'VAULT_CAPATH'],
    ['a CA folder with a file that cannot be read', { tls: { caFolder: folderWithDanglingLink() } }, 'VAULT_CAPATH'],
  ])('refuses %s by its name, without its value', (_, change, named) => {
    const resolve = (): unknown => resolveVaultOptions(Object.assign({}, options, change));
    expect(resolve).toThrow(configurationError(named));
    expect(resolve).not.toThrow(/hunter2/);
  });

  it.each<[string, Environment]>([
    ['BAO_ADDR', { BAO_ADDR: 'vault.test:8200' }],
    ['VAULT_URL', { VAULT_ADDR: undefined, VAULT_URL: 'vault.test:8200' }],
    ['VAULT_ADDR_FILE', { VAULT_ADDR_FILE: file('bad-addr', 'vault.test:8200') }],
    ['BAO_CACERT', { BAO_CACERT: '/none/ca.pem' }],
    ['BAO_CAPATH', { BAO_CAPATH: '/none' }],
    ['BAO_CACERT_BYTES', { BAO_CACERT_BYTES: 'hello' }],
    ['BAO_CLIENT_CERT', { BAO_CLIENT_CERT: '/none/c.pem', BAO_CLIENT_KEY: '/none/c.key' }],
    ['BAO_CLIENT_TIMEOUT', { BAO_CLIENT_TIMEOUT: 'soon' }],
    ['VAULT_MAX_RETRIES_FILE', { VAULT_MAX_RETRIES_FILE: file('bad-retries', 'many') }],
    ['BAO_SKIP_VERIFY', { BAO_SKIP_VERIFY: 'perhaps' }],
    ['BAO_AUTH_METHOD', { BAO_AUTH_METHOD: 'magic' }],
    ['HTTPS_PROXY', { HTTPS_PROXY: 'proxy.test:3128' }],
    ['https_proxy', { https_proxy: 'proxy.test:3128' }],
    ['VAULT_HTTP_PROXY', { VAULT_HTTP_PROXY: 'proxy.test:3128' }],
  ])('names %s and not another name of the same setting', (variable, environment) => {
    const resolve = (): unknown => {
      const completed = completedFromEnvironment({}, { ...base, ...environment });
      return resolveVaultOptions(completed.options, completed.variables);
    };
    expect(resolve).toThrow(configurationError(variable));
  });

  it.each<[string, Environment]>([
    ['BAO_TOKEN_FILE', { BAO_TOKEN_FILE: '/none/token' }],
    ['VAULT_ROLE_ID_FILE', { VAULT_ROLE_ID_FILE: '/none/role' }],
    ['BAO_SECRET_ID_FILE', { VAULT_ROLE_ID: 'r', BAO_SECRET_ID_FILE: '/none/secret' }],
    ['VAULT_SECRET_ID_FILE', { VAULT_ROLE_ID: 'r', VAULT_SECRET_ID_FILE: file('empty-secret', '') }],
  ])('names %s when the log-in finds its file missing or empty', async (variable, environment) => {
    const { auth } = vaultOptionsFromEnvironment({ ...base, ...environment });
    await expect(auth.login({ send: away })).rejects.toEqual(configurationError(variable));
  });

  it('uses no proxy where `false` is given, whatever the environment names', () => {
    const completed = completedFromEnvironment({ http: { proxy: false } }, { ...base, VAULT_PROXY_ADDR: 'http://proxy.test' });
    expect(resolveVaultOptions(completed.options).http.proxy).toBeUndefined();
  });

  it.each(['tls', 'http', 'retry'])('refuses a `%s` that is no object, and does not take it for left out', (part) => {
    const completed = completedFromEnvironment({ [part]: 5 }, base);
    expect(() => resolveVaultOptions(completed.options)).toThrow(configurationError(part));
  });

  it('refuses what is no object of options at all', () =>
    expect(() => resolveVaultOptions('https://vault.test' as unknown as VaultOptions)).toThrow(configurationError('options')));
});
