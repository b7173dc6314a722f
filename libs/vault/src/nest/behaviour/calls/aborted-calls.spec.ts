import { describe, expect, it, vi } from 'vitest';
import { VaultRuntime } from '../../../assembly/vault-runtime.js';
import type { AuthMethod } from '../../../auth/auth-method.js';
import { token } from '../../../auth/token/token.auth-method.js';
import type { RawVaultRequest } from '../../../client/request/raw-request.js';
import { envelope, httpAnswer, RawServer, type RawRequest } from '../../../client/raw-server.fixture.js';
import { resolveVaultOptions } from '../../../config/resolve-options.js';
import { rawVault } from '../raw-vault.fixture.js';
import { VaultService } from '../../vault.service.js';

type Call = (vault: VaultService, options: { readonly signal: AbortSignal }) => Promise<unknown>;

/** Every method of an engine, with arguments that name everything any of them needs. */
function methodsOf(engine: object, way: (vault: VaultService) => object): readonly [string, Call][] {
  const names = new Set<string>();
  for (let prototype: unknown = Object.getPrototypeOf(engine); prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype))
    for (const name of Object.getOwnPropertyNames(prototype)) names.add(name);
  const everything = {
    path: 'a',
    name: 'a',
    secret: { a: 1 },
    versions: [1],
    token: 't',
    accessor: 'a',
    roleName: 'a',
    policy: '',
    payload: { a: 1 },

    roleId: 'r',
    secretId: 's',
    secretIdAccessor: 'a',
    username: 'u',
    password: 'p',
    policies: ['a'],
    leaseId: 'l',
    prefix: 'p',
    keys: ['k'],

    backendType: 'kv',
    methodType: 'userpass',
    deviceType: 'file',
    from: 'a',
    to: 'b',
    paths: ['a'],
    inputToHash: 'a',
    commonName: 'a',

    serialNumber: 'a',
    serial: 'a',
    params: {},
    urls: {},
    csr: 'a',
    certificate: 'a',
    type: 'internal',
    issuerRef: 'a',
    key: 'k',
    pemBundle: 'a',
    keyType: 'rsa',
  };
  return [...names]
    .filter((name) => name !== 'constructor' && typeof (engine as Record<string, unknown>)[name] === 'function')
    .map((name) => [
      `${engine.constructor.name}.${name}`,
      async (vault, options) => {
        const target = way(vault) as Record<string, (call: object) => unknown>;
        const made = target[name]?.({ ...everything, ...options });
        return typeof made === 'object' && made !== null && Symbol.asyncIterator in made ? (made as AsyncGenerator).next() : made;
      },
    ]);
}

const { vault: sample } = await rawVault(() => httpAnswer(200, envelope({})));
const engines: readonly ((vault: VaultService) => object)[] = [
  ({ secrets }) => secrets.kv,
  ({ secrets }) => secrets.kv.v1,
  ({ secrets }) => secrets.kv.v2,
  ({ secrets }) => secrets.database,
  ({ secrets }) => secrets.pki,
  ...Object.keys(sample.auth).map((name) => (vault: VaultService) => vault.auth[name as keyof VaultService['auth']]),
  ({ sys }) => sys,
];

const calls: readonly [string, Call][] = [
  ['getSecret', (vault, options) => vault.getSecret('app', options)],
  ['getSecret past the cache', (vault, options) => vault.getSecret('app', { ...options, bypassCache: true })],
  ['getDatabaseCredentials', (vault, options) => vault.getDatabaseCredentials('app', options)],
  ['request that reads', (vault, options) => vault.request({ method: 'GET', path: 'any', ...options })],
  ['request that mints', (vault, options) => vault.request({ method: 'POST', path: 'any', ...options })],
  ['request that logs in', (vault, options) => vault.request({ method: 'POST', path: 'auth/approle/login', body: {}, ...options })],
  ['nodeVault', ({ nodeVault }, { signal }) => nodeVault.read('secret/data/app', { signal })],
  ...engines.flatMap((way) => methodsOf(way(sample), way)),
];

describe('A call whose signal is aborted before it starts', () => {
  const aborted = AbortSignal.abort();

  it.each(calls)('never reaches Vault: %s', async (_, call) => {
    for (const cache of [false, {}] as const) {
      const { vault, requests } = await rawVault(() => httpAnswer(200, envelope({})), { cache });
      const outcome: unknown = await call(vault, { signal: aborted }).catch((error: unknown) => error);
      // What was sent all the same arrives before what is asked for afterwards.
      for (const marker of ['marker', 'marker']) await vault.request({ method: 'GET', path: marker });
      expect({ requests: requests.map(({ target }) => target).filter((target) => target !== '/v1/marker'), outcome }).toMatchObject({
        requests: [],
        outcome: { code: 'VAULT_ABORTED' },
      });
    }
  });

  it('is not sent when it is aborted while it waits for a connection', async () => {
    const held: RawRequest[] = [];
    const { vault, requests } = await rawVault(
      (request) => {
        if (held.push(request) > 1) return httpAnswer(200, envelope({}));
        return undefined;
      },
      { http: { maxConnections: 1 } },
    );
    const first = vault.request({ method: 'GET', path: 'first' });
    await vi.waitFor(() => expect(held).toHaveLength(1));
    const leaving = new AbortController();
    const queued = vault.request({ method: 'POST', path: 'queued', signal: leaving.signal });
    const outcome: Promise<unknown> = queued.catch((error: unknown) => error);
    // A turn of the event loop later the call is in the queue of the connection.
    await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    expect(await outcome).toMatchObject({ code: 'VAULT_ABORTED' });
    held[0]?.socket.write(httpAnswer(200, envelope({})));
    await first;
    await vault.request({ method: 'GET', path: 'last' });
    expect(requests.map(({ target }) => target)).toEqual(['/v1/first', '/v1/last']);
  });

  it('is not sent when it is aborted while the session logs in', async () => {
    let letIn!: () => void;
    const gate = new Promise<void>((resolve) => (letIn = resolve));
    const auth: AuthMethod = {
      name: 'slow',
      login: async (call) => {
        await gate;
        return token('s.very-secret-token').login(call);
      },
    };
    const requests: string[] = [];
    const server = await new RawServer(({ target }) => {
      if (target === '/v1/auth/token/lookup-self')
        return httpAnswer(200, envelope({ ttl: 0, expire_time: null, renewable: false, accessor: 'a' }));
      requests.push(target);
      return httpAnswer(200, envelope({}));
    }).listen();
    const runtime = VaultRuntime.connect(resolveVaultOptions({ address: server.address, auth, retry: false }));
    const vault = new VaultService(runtime);
    const leaving = new AbortController();
    const waiting = [
      vault.request({ method: 'POST', path: 'left', signal: leaving.signal }),
      vault.getDatabaseCredentials('left', { signal: leaving.signal }),
    ].map((call: Promise<unknown>) => call.catch((error: unknown) => error));
    leaving.abort();
    for (const outcome of await Promise.all(waiting)) expect(outcome).toMatchObject({ code: 'VAULT_ABORTED' });
    letIn();
    await vault.request({ method: 'GET', path: 'last' });
    expect(requests).toEqual(['/v1/last']);
    await runtime.close();
    await server.close();
  });
});

describe('A call whose signal is none', () => {
  it.each([
    ['the controller', new AbortController()],
    ['text', 'x'],
    ['a plain object', { aborted: false }],
  ])('is refused by name and not sent: %s', async (_, signal) => {
    const { vault, requests } = await rawVault(() => httpAnswer(200, envelope({ data: {}, metadata: { version: 1 } })), { cache: {} });
    for (const [name, call] of calls) {
      const outcome: unknown = await call(vault, { signal: signal as AbortSignal }).catch((error: unknown) => error);
      expect([name, outcome]).toMatchObject([name, { code: 'VAULT_CONFIGURATION_INVALID', setting: 'signal', sent: false }]);
    }
    expect(requests).toEqual([]);
  });

  it('may be null, as for untyped callers', async () => {
    const { vault } = await rawVault(() => httpAnswer(200, envelope({ data: {}, metadata: { version: 1 } })), { cache: {}, retry: {} });
    const signal = null as unknown as undefined;
    await expect(vault.request({ method: 'GET', path: 'any', signal })).resolves.toBeDefined();
    await expect(vault.getSecret('app', { signal })).resolves.toBeDefined();
    await expect(vault.nodeVault.read('any', { signal })).resolves.toBeDefined();
  });
});

describe('A call with more than it may have', () => {
  it.each([
    ['headers', { headers: { 'x-vault-token': 's.other' } }],
    ['token', { token: 'none' }],
    ['pathTemplate', { pathTemplate: 'x' }],
    ['deadlineMs', { deadlineMs: Infinity }],
    ['cacheable', { cacheable: true }],
    ['constructor', { constructor: 'x' }],
  ])('is refused by name and not sent: %s', async (name, more) => {
    const { vault, requests } = await rawVault(() => httpAnswer(200, envelope({})));
    const call = { method: 'GET', path: 'any', ...more } as RawVaultRequest;
    await expect(vault.request(call)).rejects.toMatchObject({
      code: 'VAULT_REQUEST_INVALID',
      sent: false,
      message: expect.stringContaining(`\`${name}\``) as string,
    });
    expect(requests).toEqual([]);
  });

  it.each([
    'X-Vault-Token',
    'x-vault-token',
    'Host',
    'HOST',
    'Content-Length',
    'transfer-encoding',
    'x-vault-namespace',
    'X-Vault-Wrap-TTL',
  ])('is refused when an interceptor gives it the header %s', async (name) => {
    const { runtime, requests } = await rawVault(() => httpAnswer(200, envelope({})));
    await expect(runtime.send({ method: 'GET', path: 'any', headers: { [name]: 'x' } })).rejects.toMatchObject({
      code: 'VAULT_REQUEST_INVALID',
      sent: false,
    });
    expect(requests).toEqual([]);
  });

  it('has one content type, whichever case an interceptor writes it in', async () => {
    const { runtime, requests } = await rawVault(() => httpAnswer(200, envelope({})));
    for (const name of ['content-type', 'Content-Type', 'CONTENT-TYPE'])
      await runtime.send({ method: 'POST', path: 'any', body: { a: 1 }, headers: { [name]: 'application/x' } });
    expect(requests.map(({ head }) => head.match(/^content-type: .*$/gim))).toEqual(
      ['content-type', 'Content-Type', 'CONTENT-TYPE'].map((name) => [`${name}: application/x`]),
    );
  });
});
