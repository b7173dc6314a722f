import { describe, expect, it } from 'vitest';
import { sameHostRedirect } from './same-host-redirect.js';

const address = 'https://vault.test:8200';
const redirect = (status: number, location?: string) => ({ status, headers: location === undefined ? {} : { location }, body: '' });

describe('sameHostRedirect', () => {
  it.each([
    [307, 'POST', '/v1/sys/x?a=1', '/sys/x?a=1'],
    [308, 'DELETE', 'https://vault.test:8200/v1/sys/x', '/sys/x'],
    [302, 'GET', '/v1/sys/x', '/sys/x'],
  ])('follows %i of a %s to %s', (status, method, location, expected) =>
    expect(sameHostRedirect(redirect(status, location), address, method)).toBe(expected),
  );

  it.each([
    [307, 'GET', 'https://evil.test/v1/secret/data/app'],
    [307, 'GET', '//evil.test:8200/v1/x'],
    [307, 'GET', 'http://vault.test:8200/v1/x'],
    [307, 'GET', 'https://vault.test:8201/v1/x'],
    [307, 'GET', 'https://vault.test:8200@evil.test/v1/x'],
    [307, 'GET', '/ui/login'],
    [307, 'GET', '/v1/../ui'],
    [302, 'POST', '/v1/x'],
    [304, 'GET', '/v1/x'],
    [307, 'GET', 'http://['],
    [307, 'GET', undefined],
  ])('does not follow %i of a %s to %s', (status, method, location) =>
    expect(sameHostRedirect(redirect(status, location), address, method)).toBeUndefined(),
  );
});
