import { describe, expect, it } from 'vitest';
import { token } from '../auth/token/token.auth-method.js';
import { resolveVaultOptions } from './resolve-options.js';

const auth = token('t');
const withAddress = (address: string) => (): string => resolveVaultOptions({ address, auth }).address;
const withProxy = (proxy: string) => (): string | undefined =>
  resolveVaultOptions({ address: 'https://h', auth, http: { proxy } }).http.proxy;

describe('The address of a server', () => {
  it.each([
    'https://h\nx',
    'https://h\tx',
    'https://h\r\nx',
    ' https://h',
    'https://h ',
    'https://h\u0000',
    'https://h\u200bx',
    'https:\\\\h',
    'https:h',
    'https:/h',
    'https:///h',
    'https://h\\x',
    'https://\u00adh',
  ])('is refused when a URL parser would ask another one than who reads it: %j', (url) => {
    expect(withAddress(url)).toThrow(/is not an http:\/\/ or https:\/\/ address/);
    expect(withProxy(url)).toThrow(/is not an http:\/\/ or https:\/\/ proxy address/);
  });

  it.each(['https://h', 'HTTPS://H:8200', 'http://127.0.0.1:8200/', 'https://[::1]:8200', 'https://münchen.example'])(
    'is taken as it is read: %s',
    (url) => {
      expect(withAddress(url)()).toBe(new URL(url).origin);
      expect(withProxy(url)()).toBe(url);
    },
  );

  it('may have user and password for a proxy', () =>
    expect(withProxy('http://user:p%20w@proxy:3128')()).toBe('http://user:p%20w@proxy:3128'));
});
