import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';
import { VaultResponseInvalidError } from '../../errors/vault-response-invalid.error.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import { answer } from '../interceptors/interceptor.fixture.js';
import { nodeVaultDoor, type NodeVaultClient } from './node-vault.door.js';
import type { VaultRequest } from '../request/vault-request.js';
import type { VaultResponse } from '../answer/vault-response.js';

const address = 'https://vault.test:8200';

function door(respond: () => VaultResponse | Promise<VaultResponse> = () => answer({ a: '1' })) {
  const requests: VaultRequest[] = [];
  const client = nodeVaultDoor(address, async (request) => {
    requests.push(request);
    return respond();
  });
  return { client, requests };
}

function renewing(lease: () => Partial<VaultResponse>) {
  const { client, requests } = door(() => answer(null, { leaseId: 'any/lease', renewable: true, ...lease() }));
  const events: string[] = [];
  for (const event of ['lease:renewed', 'lease:expired', 'lease:error:renew']) client.on(event, () => events.push(event));
  return { client, requests, events };
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

  it.each([{ name: '../../mounts' }, { name: '' }, {}])('sends nothing for the name %j', async (named) => {
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
    expect(inspect(client, { depth: 5, showHidden: true, getters: true })).not.toContain('s.new-token');
    expect(client.token).toBeUndefined();
  });

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

  describe('a token in the headers of a call', () => {
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

  it.each(['ca', 'cert', 'key', 'passphrase', 'pfx', 'agentOptions', 'strictSSL', 'httpAgent', 'httpsAgent'])(
    'sends nothing for a call with a %s of its own, which would be shown as another client',
    async (name) => {
      const { client, requests } = door();
      const call = client.jwtLogin({ role: 'r', jwt: 'j', requestOptions: { [name]: 'mine' } });
      await expect(call).rejects.toMatchObject({ message: expect.stringContaining(`\`${name}\``) as string, sent: false });
      expect(requests).toEqual([]);
    },
  );

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

  it.each(['health', 'status', 'initialized', 'leader'] as const)(
    'needs no token for %s, which a sealed server answers as well',
    async (name) => {
      const { client, requests } = door();
      await client[name]();
      expect(requests).toMatchObject([{ token: 'none' }]);
    },
  );

  it('takes the statuses that the caller chose for health', async () => {
    const { client, requests } = door();
    await client.health({ sealedcode: 299, standbycode: 418 });
    expect(requests[0]?.acceptStatus).toEqual(expect.arrayContaining([299, 418, 503]));
  });

  it('leaves the renewal of the token to the session, and renews a lease without a hot loop whatever its length', async () => {
    const { client, requests } = door();
    await client.startTokenRenewal({ ttl: 2_764_800 });
    const warnings: Error[] = [];
    const note = (warning: Error): number => warnings.push(warning);
    process.on('warning', note);
    client.startLeaseRenewal('any/lease', 99_999_999);
    await new Promise((resolve) => setImmediate(resolve));
    client.stopAllRenewals();
    process.off('warning', note);
    expect(warnings).toEqual([]);
    expect(requests).toEqual([]);
  });

  describe('renews a lease', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('once in a while, also when a renewal gave it a life beyond what a timer can hold', async () => {
      const { client, requests, events } = renewing(() => ({ leaseDuration: 2_764_800 }));
      client.startLeaseRenewal('any/lease', 10);
      await vi.advanceTimersByTimeAsync(8_000);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(requests).toMatchObject([{ path: 'sys/leases/renew', body: { lease_id: 'any/lease' } }]);
      await vi.advanceTimersByTimeAsync(2 ** 31);
      expect(requests).toHaveLength(2);
      expect(events).toEqual(['lease:renewed', 'lease:renewed']);
      client.stopAllRenewals();
      expect(vi.getTimerCount()).toBe(0);
    });

    it('until it is not renewable, or a renewal fails, or a listener stops it', async () => {
      const ended = renewing(() => ({ leaseDuration: 10, renewable: false }));
      const failed = renewing(() => {
        throw new VaultUnreachableError('away');
      });
      const stopped = renewing(() => ({ leaseDuration: 10 }));
      stopped.client.on('lease:renewed', () => stopped.client.stopLeaseRenewal('any/lease'));
      for (const { client } of [ended, failed, stopped]) client.startLeaseRenewal('any/lease', 10, { increment: 20, renewFraction: 0.5 });
      await vi.advanceTimersByTimeAsync(100_000);
      expect([ended, failed, stopped].map(({ events }) => events)).toEqual([
        ['lease:renewed', 'lease:expired'],
        ['lease:error:renew'],
        ['lease:renewed'],
      ]);
      expect(ended.requests).toMatchObject([{ body: { lease_id: 'any/lease', increment: 20 } }]);
    });

    it.each([
      ['', 10],
      ['any/lease', 0],
      ['any/lease', Number.NaN],
    ])('but not %j for %d seconds', (leaseId, seconds) => {
      const { client } = door();
      expect(() => client.startLeaseRenewal(leaseId, seconds)).toThrow(expect.objectContaining({ code: 'VAULT_REQUEST_INVALID' }));
      expect(vi.getTimerCount()).toBe(0);
    });
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
