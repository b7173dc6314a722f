import { describe, expect, it } from 'vitest';
import { vaultOptionsFromEnvironment } from './environment.js';

const proxy = 'http://proxy.test:3128';

function proxyFor(address: string, list: string): string | false | undefined {
  return vaultOptionsFromEnvironment({ VAULT_ADDR: address, VAULT_TOKEN: 't', HTTPS_PROXY: proxy, NO_PROXY: list }).http?.proxy;
}

describe('NO_PROXY', () => {
  it.each([
    ['https://vault.example.com:8200', '*'],
    ['https://vault.example.com:8200', 'example.com'],
    ['https://vault.example.com:8200', 'other.test, .EXAMPLE.com'],
    ['https://vault.example.com:8200', '*.example.com'],
    ['https://vault.example.com:8200', 'example.com:8200'],
    ['https://vault.example.com:8200', 'vault.example.com:8200'],
    ['https://vault.example.com', 'example.com:443'],
    ['https://10.1.2.3:8200', '10.1.2.3'],
    ['https://10.1.2.3:8200', '10.0.0.0/8'],
    ['https://10.1.2.3:8200', '192.168.0.0/16,10.1.2.3/32'],
    ['https://10.1.2.3:8200', '10.1.2.3:8200'],
    ['https://[2001:db8::1]:8200', '2001:db8::/32'],
    ['https://[2001:db8::1]:8200', '2001:db8::1'],
    ['https://[2001:db8::1]:8200', '[2001:db8::1]:8200'],
    ['https://[2001:db8::1]:8200', '2001:DB8::1'],
    ['https://[2001:db8::1]', '[2001:db8::1]:443'],
    ['https://[2001:db8::1]:8200', '2001:db8::1/128'],
    ['https://10.1.2.3:8200', '0.0.0.0/0'],
    ['https://vault.example.com:8200', 'other.test,example.com:443,example.com'],
    ['https://VAULT.example.com:8200', 'vault.example.com'],
  ])('exempts %s by %j', (address, list) => expect(proxyFor(address, list)).toBeUndefined());

  it.each([
    ['https://vault.example.com:8200', ''],
    ['https://vault.example.com:8200', ' , '],
    ['https://vault.example.com:8200', 'ample.com'],
    ['https://vault.example.com:8200', 'example.com:443'],
    ['https://vault.example.com:8200', '0.0.0.0/0'],
    ['https://10.1.2.3:8200', '10.2.0.0/16'],
    ['https://10.1.2.3:8200', '2.3'],
    ['https://10.1.2.3:8200', '10.0.0.0/33'],
    ['https://10.1.2.3:8200', '10.0.0.0/'],
    ['https://10.1.2.3:8200', '10.0.0.0/x'],
    ['https://10.1.2.3:8200', '::/0'],
    ['https://10.1.2.3:8200', '10.1.2.3:8201'],
    ['https://10.1.2.3:8200', '10.0.0.0/-1'],
    ['https://10.1.2.3:8200', 'example.com/8'],
    ['https://[2001:db8::1]:8200', '2001:db9::/32'],
    ['https://[2001:db8::1]:8200', '2001:db8::/129'],
    ['https://[2001:db8::1]:8200', '0.0.0.0/0'],
    ['https://[::ffff:10.1.2.3]:8200', '10.0.0.0/8'],
    ['https://vault.example.com:8200', 'notexample.com'],
    ['https://vault.example.com:8200', 'vault.example.com.other.test'],
    ['https://vault.example.com', 'example.com:80'],
    ['https://[2001:db8::1]:8200', '[2001:db8::1]:8201'],
  ])('does not exempt %s by %j', (address, list) => expect(proxyFor(address, list)).toBe(proxy));
});
