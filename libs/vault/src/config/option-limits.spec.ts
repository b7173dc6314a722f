import { describe, expect, it } from 'vitest';
import { token } from '../auth/token/token.auth-method.js';
import { isVaultError } from '../errors/is-vault-error.js';
import { resolveVaultOptions, type ResolvedVaultOptions } from './resolve-options.js';
import type { VaultOptions } from './vault-options.js';

/** `{ http: { timeoutMs: 1 } }` for `http.timeoutMs`. */
const withOption = (path: string, value: unknown): VaultOptions => ({
  address: 'https://vault.test',
  auth: token('t'),
  ...path.split('.').reduceRight<object>((inner, name) => ({ [name]: inner }), value as object),
});
const resolved = (path: string, value: unknown): ResolvedVaultOptions => resolveVaultOptions(withOption(path, value));

function refusalOf(path: string, value: unknown): string {
  try {
    resolved(path, value);
  } catch (error) {
    if (isVaultError(error, 'VAULT_CONFIGURATION_INVALID')) return error.message;
    throw error;
  }
  return 'none';
}

const day = 86_400_000;

describe('The limits of an option', () => {
  it.each<[string, least: number, most: number, refused: readonly unknown[]]>([
    ['cache.ttlMs', 0.5, day, [0, day + 1, '5', Number.NaN]],
    ['cache.maxEntries', 1, 1_000_000, [0, 1.5, -1]],
    ['cache.staleIfUnavailableMs', 0, 604_800_000, [-1, 604_800_001]],
    ['retry.attempts', 1, 20, [0, 21, 1.5]],
    ['retry.initialDelayMs', 1, day, [0, day + 1]],
    ['retry.maxDelayMs', 1, day, [0, day + 1]],
    ['retry.budget.ratio', 0, 1, [-0.1, 1.1]],
    ['retry.budget.reserve', 1, 1_000, [0, 0.5]],
    ['http.timeoutMs', 1, day, [0, day + 1, null]],
    ['http.connectTimeoutMs', 1, day, [0, day + 1]],
    ['http.maxResponseBytes', 1, 1_000_000_000, [0, 1.5]],
    ['http.maxConnections', 1, 1_000, [0, 1.5]],
    ['session.renewAtFraction', 0.1, 0.9, [0.09, 0.91]],
    ['leases.renewAtFraction', 0.1, 0.9, [0.09, 0.91]],
  ])('`%s` is %d to %d', (path, least, most, refused) => {
    for (const value of [least, most]) expect(() => resolved(path, value)).not.toThrow();
    for (const value of refused) expect(`${String(value)}: ${refusalOf(path, value)}`).toContain(`\`${path}\``);
  });

  it.each(['tls.caFile', 'tls.caFolder', 'tls.ca', 'tls.certFile', 'tls.keyFile', 'tls.serverName', 'kv.mountPoint'])(
    'let `%s` be no empty text, and no other type',
    (path) => {
      for (const value of ['', 5, null]) expect(refusalOf(path, value)).toContain(`\`${path}\``);
    },
  );

  it.each<[string, unknown]>([
    ['numbers', 'rounded'],
    ['namespace', 5],
    ['tls.skipVerify', 'false'],
    ['http.proxy', true],
  ])('let `%s` be no %j', (path, value) => expect(refusalOf(path, value)).toContain(`\`${path}\``));
});

describe('An option that does not exist', () => {
  it.each(['tls', 'cache', 'retry', 'retry.budget', 'http', 'session', 'leases', 'kv'])('is refused by its name in `%s`', (part) =>
    expect(refusalOf(`${part}.colour`, 'red')).toContain(`there is no option \`${part}.colour\``),
  );
});

describe('The address', () => {
  it.each([
    'https://vault.test/ui',
    'https://vault.test?a=1',
    'https://vault.test/?',
    'https://vault.test#a',
    'https://user@vault.test',
    'https://:hunter2@vault.test',
    'ftp://vault.test',
    'vault.test:8200',
    '',
  ])('is refused where it is %j', (address) => {
    const refusal = refusalOf('address', address);
    expect(refusal).toContain('VAULT_ADDR (option `address`) is not an http:// or https:// address without path, query and credentials');
    expect(refusal).not.toContain('hunter2');
  });

  it('is told to be missing where it is no text', () => expect(refusalOf('address', undefined)).toContain('`address`) is missing'));
});

describe('The auth method', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 's.token'],
    ['a method without a name', { login: () => undefined }],
    ['a method without a log-in', { name: 'mine' }],
  ])('is refused where it is %s', (_, auth) =>
    expect(refusalOf('auth', auth)).toContain('is not an auth method such as appRole({ roleId, secretId }) or token(...)'),
  );

  it('may be one of the application', () => {
    const auth = { name: 'mine', login: () => Promise.reject(new Error('no')) };
    expect(resolved('auth', auth).auth).toBe(auth);
  });
});

describe('What the options come to', () => {
  it('names each mistake of several, with its own words', () => {
    const options = { ...withOption('http.timeoutMs', 0), kv: { mountPoint: '' }, colour: 'red' };
    const failure = (): unknown => resolveVaultOptions(options);
    for (const words of ['VAULT_CLIENT_TIMEOUT (option `http.timeoutMs`) is wrong', '`kv.mountPoint` is wrong', 'no option `colour`'])
      expect(failure).toThrow(words);
    expect(failure).toThrow(/Correct them in VaultModule\.forRoot\(\) \/ forRootAsync\(\) or in the environment\.$/);
  });

  it.each<[string, string, unknown, object]>([
    ['makes one try and saves up none', 'retry', false, { retry: { attempts: 1, budget: { ratio: 0, reserve: 1 } } }],
    ['keeps nothing', 'cache', false, { cache: false }],
    ['asks no proxy', 'http.proxy', false, { http: { proxy: undefined } }],
  ])('%s where `%s` is %s', (_, path, value, expected) => expect(resolved(path, value)).toMatchObject(expected));

  it.each([
    ['https://vault.test:443', 'https://vault.test'],
    ['http://VAULT.test:8200/', 'http://vault.test:8200'],
  ])('takes the address %s for %s', (address, origin) => expect(resolved('address', address).address).toBe(origin));
});
