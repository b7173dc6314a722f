import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isVaultError } from '../../errors/is-vault-error.js';
import { vaultPath } from './vault-path.js';

describe('vaultPath', () => {
  it.each([
    [['secret', 'data', 'app/config'], 'secret/data/app/config'],
    [['secret', 'data', "o'brien"], "secret/data/o'brien"],
    [['secret', 'data', 'a b?c#d'], 'secret/data/a%20b%3Fc%23d'],
    [['secret', 'data', '50%'], 'secret/data/50%25'],
    [['secret', 'data', 'schlüssel/🔑'], 'secret/data/schl%C3%BCssel/%F0%9F%94%91'],
    [['secret', 'data', '...'], 'secret/data/...'],
  ])('encodes %j', (parts, expected) => expect(vaultPath(...parts)).toBe(expected));

  it.each([
    '',
    '/',
    'a/',
    '/a',
    'a//b',
    '.',
    '..',
    'a/../b',
    '%2e%2e',
    '%2E.',
    'a/%2e/b',
    'a\\b',
    'a\u0000b',
    'a\nb',
    '\ud800',
    'a'.repeat(5_000),
  ])('refuses %j before anything is sent', (part) => {
    expect(() => vaultPath('secret', part)).toThrow(expect.toSatisfy((error) => isVaultError(error, 'VAULT_PATH_INVALID')));
  });

  it('reaches exactly the named segments through a URL parser, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
        let path: string;
        try {
          path = vaultPath('mount', name);
        } catch (error) {
          return isVaultError(error, 'VAULT_PATH_INVALID');
        }
        const url = new URL(`https://vault.test/v1/${path}`);
        return url.search === '' && url.hash === '' && decodeURIComponent(url.pathname) === `/v1/mount/${name}`;
      }),
      { numRuns: 10_000 },
    );
  }, 60_000);
});
