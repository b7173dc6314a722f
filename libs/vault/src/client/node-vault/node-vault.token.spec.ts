import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { answer } from '../interceptors/interceptor.fixture.js';
import type { NodeVaultClient } from './node-vault.door.js';
import { door } from './node-vault.door.fixture.js';

describe('The token of a call through the node-vault door', () => {
  it.each<[string, (client: NodeVaultClient) => Promise<unknown>, 'none' | 'session']>([
    ['a log-in', (client) => client.write('auth/team/approle/login', {}), 'none'],
    ['a log-in of a user', (client) => client.write('auth/userpass/login/pip', {}), 'none'],
    ['a log-in of a user named login', (client) => client.write('auth/userpass/login/login', {}), 'none'],
    ['a log-in at a mount named login', (client) => client.write('auth/login/login', {}), 'none'],
    ['reading a role named login', (client) => client.read('auth/approle/role/login'), 'session'],
    ['writing a role named login', (client) => client.write('auth/approle/role/login', {}), 'session'],
    ['writing a user named login', (client) => client.write('auth/userpass/users/login', {}), 'session'],
    ['a secret named login', (client) => client.write('auth-data/login', {}), 'session'],
  ])('sends %s with the token that it needs', async (_, call, expected) => {
    const { client, requests } = door();
    await call(client);
    expect(requests).toMatchObject([{ token: expected }]);
  });

  it.each(['health', 'status', 'initialized', 'leader'] as const)(
    'needs no token for %s, which a sealed server answers as well',
    async (name) => {
      const { client, requests } = door();
      await client[name]();
      expect(requests).toMatchObject([{ token: 'none' }]);
    },
  );

  it('keeps no token of a log-in', async () => {
    const auth = { clientToken: 's.new-token', accessor: 'a', policies: [], tokenPolicies: [], metadata: {} };
    const { client } = door(() =>
      answer(null, { auth: { ...auth, leaseDuration: 60, renewable: true, entityId: '', tokenType: 'service' } }),
    );
    expect(await client.approleLogin({ role_id: 'r' })).toMatchObject({ auth: { client_token: 's.new-token' } });
    expect(inspect(client, { depth: 5, showHidden: true, getters: true })).not.toContain('s.new-token');
    expect(client.token).toBeUndefined();
  });
});

describe('A token in the headers of a call through the node-vault door', () => {
  it.each([
    { 'X-Vault-Token': 's.lesser' },
    { 'x-vault-token': 's.lesser' },
    { 'X-VAULT-TOKEN': ' s.lesser ' },
    { Authorization: 'Bearer s.lesser' },
    { 'X-Vault-Token': 's.lesser', authorization: 'bearer s.other' },
  ])('is the token of the call: %j', async (headers) => {
    const { client, requests } = door();
    await client.read('any/path', { headers });
    await client.mounts({ requestOptions: { headers } });
    await client.enableAuth({ mount_point: 'm', type: 'userpass', requestOptions: { headers } });
    await client.status({ requestOptions: { headers } });
    await client.update('any/path', { a: 1 }, { headers });
    await client.write('any/path', { a: 1 }, { headers });
    await client.delete('any/path', { headers });
    await client.list('any/path', { headers });
    await client.help('any/path', { headers });
    await client.request({ path: '/any/path', method: 'GET', headers });
    for (const { token, headers: sent, body } of requests) {
      expect(token).toMatchObject({ epoch: 0 });
      expect((token as { value: { reveal(): string } }).value.reveal()).toBe('s.lesser');
      expect(JSON.stringify({ sent, body: body ?? null })).not.toMatch(/lesser|other/);
    }
    expect(requests).toHaveLength(10);
  });

  it.each<[string, unknown]>([
    ['Headers', new Headers({ 'X-Vault-Token': 's.lesser' })],
    ['a Map', new Map([['X-Vault-Token', 's.lesser']])],
    ['pairs', [['X-Vault-Token', 's.lesser']]],
    ['an object that inherits it', Object.create({ 'X-Vault-Token': 's.lesser' })],
  ])('is not overlooked in %s', async (_, headers) => {
    const { client, requests } = door();
    const options = { headers } as { headers: Record<string, string> };
    const calls = [client.read('any/path', options), client.update('any/path', {}, options), client.mounts({ requestOptions: options })];
    for (const call of calls)
      await expect(call).rejects.toMatchObject({
        code: 'VAULT_REQUEST_INVALID',
        message: expect.stringContaining('plain object') as string,
      });
    expect(requests).toEqual([]);
  });

  it.each([
    { 'X-Vault-Token': '' },
    { 'X-Vault-Token': undefined },
    { 'x-vault-token': 7 },
    { Authorization: 'Bearer ' },
    { 'X-Vault-Token': 's.one', 'x-vault-token': 's.two' },
  ])("does not become the session's where it is missing or not clear: %j", async (headers) => {
    const { client, requests } = door();
    await expect(client.read('any/path', { headers })).rejects.toMatchObject({ code: 'VAULT_REQUEST_INVALID', sent: false });
    expect(requests).toEqual([]);
  });
});
