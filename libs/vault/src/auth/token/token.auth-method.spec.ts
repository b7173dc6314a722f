import { describe, expect, it } from 'vitest';
import { answer } from '../../client/interceptors/interceptor.fixture.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import { token } from './token.auth-method.js';

const logIn = (respond: () => VaultResponse | Promise<VaultResponse>) =>
  token('s.given').login({
    send: async (request) => {
      expect(request).toMatchObject({ method: 'GET', path: 'auth/token/lookup-self' });
      return respond();
    },
  });

describe('token', () => {
  it.each<[string, object, object]>([
    [
      'a token with a TTL',
      { ttl: 60, expire_time: '2030-01-01T00:00:00Z', renewable: true, accessor: 'a' },
      { ttlSeconds: 60, identity: 'a' },
    ],
    ['a token without end', { ttl: 0, expire_time: null, entity_id: 'e', accessor: 'a' }, { ttlSeconds: 0, identity: 'e' }],
    ['an answer that says nothing', {}, { ttlSeconds: 0, renewable: false }],
  ])('knows what Vault says of %s, and never owns it', async (_, data, expected) => {
    expect(await logIn(() => answer(data, { receivedAtMs: 7 }))).toMatchObject({ ...expected, owned: false, sentAtMs: 7 });
  });

  it('refuses a token in the last second of its life, which Vault shows like one without end', async () => {
    const login = logIn(() => answer({ ttl: 0, expire_time: '2020-01-01T00:00:00Z' }));
    await expect(login).rejects.toMatchObject({
      code: 'VAULT_AUTHENTICATION_FAILED',
      message: expect.stringContaining('has expired') as string,
      remedy: expect.stringContaining('VAULT_TOKEN') as string,
    });
  });

  it('takes an answer without data for a token that Vault tells nothing of', async () => {
    expect(await logIn(() => answer(null))).toMatchObject({ ttlSeconds: 0, renewable: false });
  });

  it('does not blame the token for a Vault that is away', async () => {
    await expect(logIn(() => Promise.reject(new VaultUnreachableError('away')))).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
  });
});
