import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { VaultNotFoundError } from '../errors/vault-not-found.error.js';
import { VaultResponseInvalidError } from '../errors/vault-response-invalid.error.js';
import { VaultUnreachableError } from '../errors/vault-unreachable.error.js';
import { answer } from './interceptors/interceptor.fixture.js';
import { nodeVaultDoor, type NodeVaultClient } from './node-vault.door.js';
import type { VaultRequest } from './vault-request.js';
import type { VaultResponse } from './vault-response.js';

const address = 'https://vault.test:8200';

function door(respond: () => VaultResponse | Promise<VaultResponse> = () => answer({ a: '1' })) {
  const requests: VaultRequest[] = [];
  const client = nodeVaultDoor(address, async (request) => {
    requests.push(request);
    return respond();
  });
  return { client, requests };
}

describe('nodeVaultDoor', () => {
  it.each<[string, string, Partial<VaultRequest>]>([
    ['a path', 'secret/data/app', { path: 'secret/data/app', query: undefined }],
    ['a path with a query', 'secret/data/app?version=3', { path: 'secret/data/app', query: { version: '3' } }],
    ['an encoded path', 'secret/data/o%27brien', { path: "secret/data/o'brien" }],
    ['a path with a percent sign that encodes nothing', 'secret/data/50%zz', { path: 'secret/data/50%25zz' }],
  ])('sends %s where it belongs', async (_, path, expected) => {
    const { client, requests } = door();
    expect(await client.read(path)).toMatchObject({ request_id: 'id', data: { a: '1' }, warnings: null, auth: null });
    expect(requests).toMatchObject([{ method: 'GET', token: 'session', ...expected }]);
  });

  it.each(['secret/../sys/seal', 'secret/%2e%2e/sys/seal', 'secret//app'])('sends nothing for %s', async (path) => {
    const { client, requests } = door();
    await expect(client.read(path)).rejects.toMatchObject({ code: 'VAULT_PATH_INVALID' });
    expect(requests).toEqual([]);
  });

  it.each<[string, (client: NodeVaultClient) => Promise<unknown>, string]>([
    ['a quote', (client) => client.getPolicy({ name: "o'brien" }), "sys/policy/o'brien"],
    ['characters of HTML and of a URL', (client) => client.getPolicy({ name: '<a>&?#%' }), 'sys/policy/%3Ca%3E%26%3F%23%25'],
    ['a number', (client) => client.getPolicy({ name: 7 }), 'sys/policy/7'],
    ['a mount of its own', (client) => client.approleRoles({ mount_point: 'team/approle' }), 'auth/team/approle/role'],
    ['the default mount', (client) => client.approleRoles(), 'auth/approle/role'],
  ])('reaches the name that %s is in', async (_, call, path) => {
    const { client, requests } = door();
    await call(client);
    expect(requests).toMatchObject([{ path }]);
  });

  it.each([{ name: '../mounts' }, { name: '' }, {}])('sends nothing for the name %j', async (named) => {
    const { client, requests } = door();
    await expect(client.getPolicy(named)).rejects.toMatchObject({ code: 'VAULT_PATH_INVALID' });
    expect(requests).toEqual([]);
  });

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

  it('keeps no token of a log-in', async () => {
    const auth = { clientToken: 's.new-token', accessor: 'a', policies: [], tokenPolicies: [], metadata: {} };
    const { client } = door(() =>
      answer(null, { auth: { ...auth, leaseDuration: 60, renewable: true, entityId: '', tokenType: 'service' } }),
    );
    expect(await client.approleLogin({ role_id: 'r' })).toMatchObject({ auth: { client_token: 's.new-token' } });
    client.token = 's.own';
    expect(inspect(client, { depth: 5, showHidden: true, getters: true })).not.toMatch(/s\.new-token|s\.own/);
    expect(client.token).toBeUndefined();
  });

  it("hands on the caller's namespace and wrapping, and no token", async () => {
    const { client, requests } = door();
    await client.write(
      'any/path',
      { a: 1 },
      { headers: { 'X-Vault-Namespace': 'team', 'X-Vault-Wrap-TTL': '60s', 'X-Vault-Token': 'mine', 'X-Mine': 'x' } },
    );
    expect(requests).toMatchObject([{ namespace: 'team', wrapTtl: '60s', headers: { 'X-Mine': 'x' }, body: { a: 1 } }]);
    expect(JSON.stringify(requests)).not.toContain('mine');
  });

  it('gives answers in the words of Vault', async () => {
    const wrapInfo = { token: 't', accessor: 'a', ttl: 60, creationTime: 'now', creationPath: 'p', wrappedAccessor: '' };
    const { client } = door(() => answer(null, { warnings: ['careful'], wrapInfo }));
    expect(await client.read('any/path')).toMatchObject({
      warnings: ['careful'],
      wrap_info: { creation_path: 'p', token: 't' },
      data: null,
    });
  });

  describe('a failure is a VaultError', () => {
    it('that has the answer as node-vault gives it', async () => {
      const { client } = door(() => Promise.reject(new VaultNotFoundError('none', { status: 404, serverErrors: ['no such thing'] })));
      await expect(client.read('any/path')).rejects.toMatchObject({
        code: 'VAULT_NOT_FOUND',
        response: { statusCode: 404, body: { errors: ['no such thing'] } },
      });
    });

    it('that has no messages where Vault sent none', async () => {
      const { client } = door(() => Promise.reject(new VaultResponseInvalidError('a page', { status: 200 })));
      await expect(client.read('any/path')).rejects.toMatchObject({ response: { statusCode: 200, body: { errors: [] } } });
    });

    it('without an answer where there was none', async () => {
      const { client } = door(() => Promise.reject(new VaultUnreachableError('away')));
      const error: unknown = await client.read('any/path').catch((failure: unknown) => failure);
      expect(error).toMatchObject({ code: 'VAULT_UNREACHABLE' });
      expect(error).not.toHaveProperty('response');
    });
  });
});
