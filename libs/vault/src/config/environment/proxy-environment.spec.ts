import { describe, expect, it } from 'vitest';
import type { Environment } from './environment-variables.js';
import { completedFromEnvironment } from './environment.js';

const base: Environment = { VAULT_ADDR: 'https://vault.test:8200', VAULT_TOKEN: 't' };
const proxies: Environment = {
  BAO_PROXY_ADDR: 'http://bao-addr.test',
  BAO_HTTP_PROXY: 'http://bao-http.test',
  VAULT_PROXY_ADDR: 'http://vault-addr.test',
  VAULT_HTTP_PROXY: 'http://vault-http.test',
  HTTPS_PROXY: 'http://general.test',
  https_proxy: 'http://small.test',
};
const names = Object.keys(proxies);

/** The proxy, and the variable that an error about it would name. */
function proxyOf(environment: Environment): readonly [proxy: unknown, variable: string | undefined] {
  const { options, variables } = completedFromEnvironment({}, { ...base, ...environment });
  return [options.http?.proxy, variables.get('http.proxy')];
}

describe('The proxy of the environment', () => {
  it.each(names.map((name, index) => [name, names.slice(0, index)] as const))('is that of %s where none of %j is set', (name, before) => {
    const environment = { ...proxies, ...Object.fromEntries(before.map((other) => [other, undefined])) };
    expect(proxyOf(environment)).toEqual([proxies[name], name]);
  });

  it.each(names)('is not that of %s where it is blank', (name) => expect(proxyOf({ [name]: ' ' })).toEqual([undefined, undefined]));

  it.each(names)('is trimmed where it comes from %s', (name) =>
    expect(proxyOf({ [name]: ` ${proxies[name]}\n` })).toEqual([proxies[name], name]),
  );
});

describe('The proxy that is named for all programs', () => {
  it.each([
    'https://localhost:8200',
    'https://LOCALHOST',
    'https://127.0.0.1:8200',
    'https://127.1.2.3',
    'https://[::1]:8200',
    'http://vault.test:8200',
  ])('is not asked for %s', (address) => {
    for (const name of ['HTTPS_PROXY', 'https_proxy']) {
      expect(proxyOf({ VAULT_ADDR: address, [name]: 'http://general.test' })).toEqual([undefined, undefined]);
    }
  });

  it.each(['https://localhost.test', 'https://127.vault.test', 'https://128.0.0.1', 'https://[::2]', 'https://vault.test'])(
    'is asked for %s',
    (address) =>
      expect(proxyOf({ VAULT_ADDR: address, HTTPS_PROXY: 'http://general.test' })).toEqual(['http://general.test', 'HTTPS_PROXY']),
  );

  it.each<[string, Environment, boolean]>([
    ['NO_PROXY', { NO_PROXY: 'vault.test' }, false],
    ['no_proxy', { no_proxy: 'vault.test' }, false],
    ['NO_PROXY, whatever no_proxy says', { NO_PROXY: 'vault.test', no_proxy: 'other.test' }, false],
    ['neither, where no_proxy alone lists the host and NO_PROXY is set', { NO_PROXY: 'other.test', no_proxy: 'vault.test' }, true],
  ])('is left out by %s', (_, environment, isAsked) => {
    const [proxy] = proxyOf({ HTTPS_PROXY: 'http://general.test', ...environment });
    expect(proxy).toBe(isAsked ? 'http://general.test' : undefined);
  });

  it('is for Vault alone: a proxy of its own is asked although NO_PROXY lists the host', () =>
    expect(proxyOf({ VAULT_PROXY_ADDR: 'http://own.test', NO_PROXY: '*' })).toEqual(['http://own.test', 'VAULT_PROXY_ADDR']));

  it('is left to the check of the options where the address is none', () =>
    expect(proxyOf({ VAULT_ADDR: 'vault', HTTPS_PROXY: 'http://general.test' })).toEqual([undefined, undefined]));
});
