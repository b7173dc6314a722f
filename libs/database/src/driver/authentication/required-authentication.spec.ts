import { describe, expect, it } from 'vitest';
import { RequiredAuthentication, type AuthenticationMethod } from './required-authentication.js';

const methods: readonly AuthenticationMethod[] = ['scram-sha-256', 'md5', 'password', 'none'];

function permitted(list: string | undefined, verified: boolean): AuthenticationMethod[] {
  const required = list === undefined ? RequiredAuthentication.byDefault() : RequiredAuthentication.read(list)!;
  return methods.filter((method) => required.permits(method, verified));
}

describe('What a server may ask for', () => {
  it.each([
    [undefined, ['scram-sha-256', 'none'], methods],
    ['scram-sha-256', ['scram-sha-256'], ['scram-sha-256']],
    ['scram-sha-256,md5', ['scram-sha-256', 'md5'], ['scram-sha-256', 'md5']],
    [' password , none ', ['password', 'none'], ['password', 'none']],
    ['!none', ['scram-sha-256'], ['scram-sha-256', 'md5', 'password']],
    ['!password,!md5', ['scram-sha-256', 'none'], ['scram-sha-256', 'none']],
  ])('is, for require_auth %j, %j on a connection that anybody may read and %j on verified TLS', (list, inClear, verified) => {
    expect(permitted(list, false)).toEqual(inClear);
    expect(permitted(list, true)).toEqual(verified);
  });

  it.each(['', ' ', 'scram', 'md5,!none', '!', 'password,', 'gss', 'MD5'])('is not told by %j', (list) => {
    expect(RequiredAuthentication.read(list)).toBeUndefined();
  });
});
