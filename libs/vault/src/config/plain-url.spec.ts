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
    'https://h\u034fx',
    'https://h\ufe0fx',
    'https://0127.0.0.1',
    'https://0x7f.0.0.1',
    'https://2130706433',
    'https://1.2.3',
    'https://ex%61mple.com',
    'https://\uff11\uff12\uff17.0.0.1',
    'https://vault\u3002example',
    'https://\ufb00.example',
    'https://h:8200@',
  ])('is refused when a URL parser would ask another one than who reads it: %j', (url) => {
    expect(withAddress(url)).toThrow(/is not an http:\/\/ or https:\/\/ address/);
    expect(withProxy(url)).toThrow(/is not an http:\/\/ or https:\/\/ proxy address/);
  });

  it.each([
    'https://h',
    'HTTPS://H:8200',
    'http://127.0.0.1:8200/',
    'https://[::1]:8200',
    'https://münchen.example',
    'https://mu\u0308nchen.example',
    'https://xn--mnchen-3ya.example',
    'https://a_b-c.d.',
    'https://h:443',
  ])('is taken as it is read: %s', (url) => {
    expect(withAddress(url)()).toBe(new URL(url).origin);
    expect(withProxy(url)()).toBe(url);
  });

  it('may have user and password for a proxy', () =>
    expect(withProxy('http://user:p%20w@proxy:3128')()).toBe('http://user:p%20w@proxy:3128'));
});
