import { describe, expect, it } from 'vitest';
import type { VaultRequest } from '../request/vault-request.js';
import type { NodeVaultClient } from './node-vault.door.js';
import { door } from './node-vault.door.fixture.js';

describe('A path that is given to the node-vault door', () => {
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

  it.each<[string, string, Partial<VaultRequest>]>([
    ['a slash at the start', '/secret/data/app', { path: 'secret/data/app' }],
    ['slashes at the start', '///secret/data/app', { path: 'secret/data/app' }],
    ['a slash at the end, which may be part of a name', 'secret/app/', { path: 'secret/app/' }],
    ['a second question mark', 'any/path?to=a?b', { query: { to: 'a?b' } }],
    ['a parameter that is given twice', 'any/path?a=1&a=2', { query: { a: ['1', '2'] } }],
  ])('takes %s', async (_, path, expected) => {
    const { client, requests } = door();
    await client.read(path);
    expect(requests).toMatchObject([expected]);
  });

  it('lists with and without a slash at the end', async () => {
    const { client, requests } = door();
    await client.list('secret/metadata/');
    await client.list('/secret/metadata');
    expect(requests).toMatchObject([{ path: 'secret/metadata' }, { path: 'secret/metadata' }]);
  });

  it.each(['secret/../sys/seal', 'secret/%2e%2e/sys/seal', 'secret//app'])('sends nothing for %s', async (path) => {
    const { client, requests } = door();
    await expect(client.read(path)).rejects.toMatchObject({ code: 'VAULT_PATH_INVALID' });
    expect(requests).toEqual([]);
  });
});

describe('A name that is given to the node-vault door', () => {
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

  it.each([{ name: '../../mounts' }, { name: '' }, {}])('sends nothing for the name %j', async (named) => {
    const { client, requests } = door();
    await expect(client.getPolicy(named)).rejects.toMatchObject({ code: 'VAULT_PATH_INVALID' });
    expect(requests).toEqual([]);
  });
});

describe('The options of a call through the node-vault door', () => {
  it('keeps the options of a command out of its body, and a field of that name in what is written', async () => {
    const { client, requests } = door();
    client.generateFunction('save', { method: 'POST', path: '/any/{{name}}' });
    const save = (client as unknown as Record<string, (given: object) => Promise<unknown>>)['save']!;
    for (const requestOptions of [{ timeout: 100 }, { signal: new AbortController().signal }, { headers: { 'X-A': 'b' } }, {}])
      await save({ name: 'n', a: 1, requestOptions });
    await client.write('any/path', { requestOptions: {} });
    expect(requests.slice(0, 4).map(({ body }) => body)).toEqual(Array.from({ length: 4 }, () => ({ name: 'n', a: 1 })));
    expect(requests[4]).toMatchObject({ body: { requestOptions: {} } });
  });

  it("hands on the caller's namespace and wrapping", async () => {
    const { client, requests } = door();
    await client.write(
      'any/path',
      { a: 1 },
      { headers: { 'x-vault-namespace': 'team', 'X-Vault-Wrap-TTL': '60s', 'X-Mine': 'x', 'X-Not-Set': undefined }, timeout: 100 },
    );
    expect(requests).toMatchObject([
      { namespace: 'team', wrapTtl: '60s', headers: { 'X-Mine': 'x' }, body: { a: 1 }, token: 'session', timeoutMs: 100 },
    ]);
  });

  it('takes the statuses that the caller chose for health', async () => {
    const { client, requests } = door();
    await client.health({ sealedcode: 299, standbycode: 418 });
    expect(requests[0]?.acceptStatus).toEqual(expect.arrayContaining([299, 418, 503]));
  });

  it.each<[string, (client: NodeVaultClient) => Promise<unknown>, string]>([
    ['a path with an empty segment', (client) => client.read('secret//app'), '"secret//app"'],
    ['no path', (client) => client.read('/'), '""'],
    ['a raw path without its slash', (client) => client.request({ path: 'sys/mounts', method: 'GET' }), 'slash'],
    ['a command without its name', (client) => client.unmount(), '`mount_point`'],
    ['an array', (client) => client.write('any/path', ['a']), 'array'],
    ['a signal that is none', (client) => client.read('any/path', { signal: { aborted: true } }), '`signal`'],
    ['a timeout that is text', (client) => client.read('any/path', { timeout: '3000' }), '`timeout`'],
  ])('refuses %s by name, and sends nothing', async (_, call, named) => {
    const { client, requests } = door();
    await expect(call(client)).rejects.toThrow(named);
    expect(requests).toEqual([]);
  });

  it.each(['ca', 'cert', 'key', 'passphrase', 'pfx', 'agentOptions', 'strictSSL', 'httpAgent', 'httpsAgent'])(
    'sends nothing for a call with a %s of its own, which would be shown as another client',
    async (name) => {
      const { client, requests } = door();
      const call = client.jwtLogin({ role: 'r', jwt: 'j', requestOptions: { [name]: 'mine' } });
      await expect(call).rejects.toMatchObject({ message: expect.stringContaining(`\`${name}\``) as string, sent: false });
      expect(requests).toEqual([]);
    },
  );
});

describe('The settings that all users of the node-vault door share', () => {
  it.each(['token', 'endpoint', 'apiVersion', 'namespace', 'pathPrefix'] as const)(
    'refuses another %s for everybody who shares the client',
    (name) => {
      const { client } = door();
      const settings = client as unknown as Record<string, unknown>;
      const before = settings[name];
      expect(() => {
        settings[name] = 's.own';
      }).toThrow(expect.objectContaining({ code: 'VAULT_CONFIGURATION_INVALID', message: expect.not.stringContaining('s.own') as string }));
      settings[name] = '';
      expect(settings[name]).toBe(before);
    },
  );
});
