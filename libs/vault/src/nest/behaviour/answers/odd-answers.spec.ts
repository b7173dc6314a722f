import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { token } from '../../../auth/token/token.auth-method.js';
import { VaultRuntime } from '../../../assembly/vault-runtime.js';
import { envelope, httpAnswer, RawServer } from '../../../client/raw-server.fixture.js';
import { resolveVaultOptions } from '../../../config/resolve-options.js';
import { SecretValue } from '../../../support/redaction/secret-value.js';
import { isVaultError } from '../../../errors/is-vault-error.js';
import type { VaultError } from '../../../errors/vault-error.js';
import { rawVault } from '../raw-vault.fixture.js';
import type { RawVaultRequest } from '../../../client/request/raw-request.js';
import type { VaultService } from '../../vault.service.js';

async function failureOf(call: Promise<unknown>): Promise<VaultError> {
  const error: unknown = await call.catch((failure: unknown) => failure);
  if (!isVaultError(error)) throw new TypeError('expected a VaultError');
  return error;
}

const answering = async (data: unknown, fields: object = {}): Promise<VaultService> =>
  (await rawVault(() => httpAnswer(200, envelope(data, fields)))).vault;

/** What JavaScript may pass. */
const untyped = (value: unknown): never => value as never;
const bare = async (body: string | object, status = 200): Promise<VaultService> => (await rawVault(() => httpAnswer(status, body))).vault;

describe('VaultService before odd answers', () => {
  describe('a rate limit', () => {
    it.each<[string, string[], number | undefined]>([
      ['in seconds', ['Retry-After: 2'], 2_000],
      ['as a date that has passed', ['Retry-After: Wed, 21 Oct 2015 07:28:00 GMT'], 0],
      ['that makes no sense', ['Retry-After: soon'], undefined],
      ['of a negative number', ['Retry-After: -5'], undefined],
      ['of a fraction', ['Retry-After: 1.5'], undefined],
      ['twice', ['Retry-After: 2', 'Retry-After: 3'], undefined],
      ['not at all', [], undefined],
    ])('says how long to wait %s', async (_, headers, retryAfterMs) => {
      const { vault } = await rawVault(() => httpAnswer(429, { errors: ['slow down'] }, headers));
      const error = await failureOf(vault.getSecret('app'));
      expect(error).toMatchObject({ code: 'VAULT_RATE_LIMITED', status: 429, serverErrors: ['slow down'] });
      expect(error.retryAfterMs).toBe(retryAfterMs);
    });
  });

  it.each<[string, (vault: VaultService) => Promise<unknown>, string]>([
    ['a read', (vault) => vault.getSecret('app'), 'path "secret/data/app" { capabilities = ["read"] }'],
    ['a list', (vault) => vault.secrets.kv.v2.listSecrets(), 'path "secret/metadata" { capabilities = ["list"] }'],
    [
      'a write',
      (vault) => vault.secrets.kv.v2.createOrUpdateSecret({ path: 'app', secret: {} }),
      'path "secret/data/app" { capabilities = ["create", "update"] }',
    ],
    ['a patch', (vault) => vault.secrets.kv.v2.patch({ path: 'app', secret: {} }), 'path "secret/data/app" { capabilities = ["patch"] }'],
    ['a call of its own', (vault) => vault.request({ method: 'HEAD', path: 'x' }), 'path "x" { capabilities = ["read"] }'],
  ])('names the policy line that would allow %s', async (_, call, line) => {
    const { vault } = await rawVault(({ method }) =>
      method === 'HEAD' ? 'HTTP/1.1 403 X\r\nContent-Length: 0\r\n\r\n' : httpAnswer(403, { errors: ['permission denied'] }),
    );
    const error = await failureOf(call(vault));
    expect(error).toMatchObject({ code: 'VAULT_PERMISSION_DENIED', remedy: expect.stringContaining(line) as string });
  });

  it.each<[string, object]>([
    ['a token that is no text', { auth: { client_token: 5 } }],
    ['a TTL that is negative', { auth: { client_token: 't', lease_duration: -1 } }],
    ['a TTL that is text', { auth: { client_token: 't', lease_duration: '60' } }],
  ])('refuses a log-in with %s', async (_, fields) => {
    const vault = await answering(null, fields);
    const error = await failureOf(vault.auth.userpass.login({ username: 'pip', password: 'a-password' }));
    expect(error).toMatchObject({ code: 'VAULT_RESPONSE_INVALID', message: expect.stringMatching(/unexpected shape \(auth\./) as string });
  });

  const noSeconds = ['"60"', '"abc"', '-1', '1e300', '{}', '[60]', 'true'];

  it.each([...noSeconds, '1e999'])('refuses an envelope whose lease has the life %s', async (json) => {
    const vault = await bare(
      JSON.stringify(envelope({ username: 'u', password: 'p' }, { lease_id: 'l' })).replace(
        '"lease_duration":0',
        `"lease_duration":${json}`,
      ),
    );
    expect(await failureOf(vault.getDatabaseCredentials('reader'))).toMatchObject({
      code: 'VAULT_RESPONSE_INVALID',
      message: expect.stringContaining('lease_duration') as string,
    });
  });

  it.each(['"3"', '-1', '1e999', '1.5', '{}'])('refuses a log-in whose token has %s uses', async (json) => {
    const vault = await bare(
      JSON.stringify(envelope(null, { auth: { client_token: 't', num_uses: 0 } })).replace('"num_uses":0', `"num_uses":${json}`),
    );
    expect(await failureOf(vault.auth.userpass.login({ username: 'pip', password: 'a-password' }))).toMatchObject({
      code: 'VAULT_RESPONSE_INVALID',
      message: expect.stringContaining('auth.num_uses') as string,
    });
  });

  it.each(noSeconds)('refuses a static role whose password lives %s', async (json) => {
    const data = { username: 'u', password: 'p', ttl: 0, rotation_period: 5 };
    const vault = await bare(JSON.stringify(envelope(data)).replace('"ttl":0', `"ttl":${json}`));
    expect(await failureOf(vault.secrets.database.getStaticCredentials({ name: 'app' }))).toMatchObject({
      code: 'VAULT_RESPONSE_INVALID',
      message: expect.stringContaining('ttl') as string,
    });
  });

  it.each(noSeconds)('asks once, and not in a loop, about a token whose TTL is said to be %s', async (json) => {
    const body = JSON.stringify(envelope({ ttl: 0, expire_time: null, accessor: 'a' })).replace('"ttl":0', `"ttl":${json}`);
    const server = await new RawServer(() => httpAnswer(200, body)).listen();
    const runtime = VaultRuntime.connect(resolveVaultOptions({ address: server.address, auth: token('s.given'), retry: false }));
    try {
      for (let call = 0; call < 20; call += 1)
        await expect(async () => runtime.session.current()).rejects.toMatchObject({ code: 'VAULT_RESPONSE_INVALID' });
      expect(server.requests).toHaveLength(1);
    } finally {
      await runtime.close();
      await server.close();
    }
  });

  it('takes a log-in without a TTL for one that does not expire', async () => {
    const vault = await answering(null, { auth: { client_token: 't' } });
    const { auth } = await vault.auth.userpass.login({ username: 'pip', password: 'a-password' });
    expect(auth).toMatchObject({ clientToken: 't', leaseDuration: 0 });
  });

  it.each<[string, (vault: VaultService) => Promise<unknown>]>([
    ['a secret', (vault) => vault.secrets.kv.v2.readSecretVersion({ path: 'app' })],
    ['credentials', (vault) => vault.secrets.database.generateCredentials({ name: 'reader' })],
    ['a folder', (vault) => vault.secrets.kv.v2.listSecrets()],
    ['all secrets below a folder', (vault) => vault.secrets.kv.v2.iterateSecrets().next()],
    ['whether Vault is sealed', (vault) => vault.sys.isSealed()],
    ['whether Vault is initialised', (vault) => vault.sys.isInitialized()],
    ['what an unseal key did', (vault) => vault.sys.submitUnsealKeys({ keys: ['a'] })],
  ])('refuses an answer without data that was to tell %s', async (_, ask) => {
    expect(await failureOf(ask(await answering(null)))).toMatchObject({
      code: 'VAULT_RESPONSE_INVALID',
      remedy: expect.stringMatching(/^Check/) as string,
    });
  });

  it.each<[string, object]>([
    ['that is plain', envelope({ data: { a: 'plain-secret' }, metadata: { version: 1 } })],
    ['whose wrapping token is missing', envelope(null, { wrap_info: { ttl: 60 } })],
  ])('refuses and hands out no answer %s where a wrapped one was asked for', async (_, answer) => {
    const vault = await bare(answer);
    for (const call of [
      () => vault.secrets.kv.v2.readSecretVersion({ path: 'app', wrapTtl: '60s' }),
      () => vault.request({ method: 'GET', path: 'any', wrapTtl: '60s' }),
    ]) {
      const error = await failureOf(call());
      expect(error).toMatchObject({ code: 'VAULT_RESPONSE_INVALID', message: expect.stringContaining('not wrapped') as string });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('plain-secret');
    }
  });

  it('refuses facts of a token that are nested without end', async () => {
    const deep = `${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}`;
    const vault = await bare(`{"request_id":"r","data":null,"auth":{"client_token":"x","metadata":${deep}}}`);
    expect(await failureOf(vault.request({ method: 'GET', path: 'any' }))).toMatchObject({
      code: 'VAULT_RESPONSE_INVALID',
      message: expect.stringContaining('nested too deep') as string,
    });
  });

  const echoed = { pin: 987_654, quoted: 'pa"ss\\word', encoded: 'p@ss/word with spaces', held: new SecretValue('held-secret') };
  const forms = ['987654', 'pa"ss\\word', 'pa\\"ss\\\\word', 'p%40ss%2Fword%20with%20spaces', 'p%40ss%2Fword+with+spaces', 'held-secret'];

  it.each(forms)('hides %j of what was sent, in an error and in a warning', async (form) => {
    const body = { data: echoed };
    const refusing = await bare({ errors: [`bad value ${form}`] }, 400);
    const error = await failureOf(refusing.request({ method: 'POST', path: 'any', body }));
    expect(error.serverErrors).toEqual(['bad value [redacted]']);
    const { warnings } = await (
      await bare(envelope({}, { warnings: [`odd value ${form}`] }))
    ).request({ method: 'POST', path: 'any', body });
    expect(warnings).toEqual(['odd value [redacted]']);
    expect(warnings).toSatisfy(Object.isFrozen);
  });

  it('hides what was sent beside a field that is called like a method', async () => {
    const vault = await bare({ errors: ['refused: hunter2-secret'] }, 400);
    const error = await failureOf(
      vault.request({ method: 'POST', path: 'any', body: { toString: 'x', list: [{ password: 'hunter2-secret' }] } }),
    );
    expect(String(error)).not.toContain('hunter2-secret');
  });

  it("leaves Vault's own words in the refusal of a log-in", async () => {
    const vault = await bare({ errors: ['none of the entities match'] }, 400);
    const error = await failureOf(vault.request({ method: 'POST', path: 'auth/approle/login', body: { role_id: 'any' } }));
    expect(String(error)).toContain('none of the entities match');
  });

  it('hides the token and the query of a call in warnings', async () => {
    const vault = await bare(envelope({}, { warnings: ['s.very-secret-token asked for query-secret'] }));
    const { warnings } = await vault.request({ method: 'GET', path: 'any', query: { token: 'query-secret', version: 3 } });
    expect(warnings).toEqual(['[redacted] asked for [redacted]']);
  });

  it('tells the id of a request that failed, where the answer has one', async () => {
    const requestId = '0b5f1d4e-6f0a-4c4e-9a53-0d6f6f3c1a2b';
    const deleted = { data: null, metadata: { version: 3, deletion_time: 'now' } };
    const vault = await bare(envelope(deleted, { request_id: requestId }), 404);
    expect(await failureOf(vault.getSecret('app'))).toMatchObject({ code: 'VAULT_SECRET_DELETED', requestId });
    expect(await failureOf((await bare(envelope(deleted), 404)).getSecret('app'))).not.toHaveProperty('requestId');
    expect(await failureOf((await bare({ errors: [] }, 403)).getSecret('app'))).not.toHaveProperty('requestId');
  });

  it.each(['a\u009b31m', 'a\u202eb', 'a\u200bb', 'a\u2028b'])('writes what %j would do to a terminal out', async (path) => {
    const shown = new RegExp(`\\\\u${path.charCodeAt(1).toString(16).padStart(4, '0')}`);
    const vault = await answering({});
    const refusing = await bare({ errors: [path] }, 403);
    for (const call of [() => vault.getSecret(`${path}//`), () => vault.getSecret(path), () => refusing.getSecret(path)]) {
      const { message, remedy } = await failureOf(call());
      expect(message).toMatch(shown);
      expect(`${message} ${remedy}`).not.toContain(path[1]);
    }
  });

  const certificate = { name: 'r', commonName: 'c' };

  it.each<[string, (vault: VaultService) => Promise<unknown>]>([
    ['the write of a secret', (vault) => vault.secrets.kv.v2.createOrUpdateSecret({ path: 'a', secret: {} })],
    ['a patch', (vault) => vault.secrets.kv.v2.patch({ path: 'a', secret: {} })],
    ['the metadata of a secret', (vault) => vault.secrets.kv.v2.readSecretMetadata({ path: 'a' })],
    ['the names in a secret', (vault) => vault.secrets.kv.v2.readSubkeys({ path: 'a' })],
    ['a new token', (vault) => vault.auth.token.create()],
    ['a new orphan', (vault) => vault.auth.token.createOrphan()],
    ['a renewed token', (vault) => vault.auth.token.renewSelf()],
    ['the facts of a token', (vault) => vault.auth.token.lookupAccessor({ accessor: 'a' })],
    ['the facts of another token', (vault) => vault.auth.token.lookup({ token: 't' })],
    ['a log-in with AppRole', (vault) => vault.auth.approle.login({ roleId: 'r' })],
    ['a log-in with a password', (vault) => vault.auth.userpass.login({ username: 'u', password: 'p' })],
    ['a secret id', (vault) => vault.auth.approle.generateSecretId({ roleName: 'r' })],
    ['wrapping', (vault) => vault.sys.wrap({ payload: {} })],
    ['wrapping again', (vault) => vault.sys.rewrap({ token: 't' })],
    ['a certificate with its key', (vault) => vault.secrets.pki.generateCertificate(certificate)],
    ['a signed certificate', (vault) => vault.secrets.pki.signCertificate({ ...certificate, csr: 'x' })],
    ['a CSR', (vault) => vault.secrets.pki.generateIntermediate({ type: 'internal', commonName: 'c' })],
    ['a signed authority', (vault) => vault.secrets.pki.signIntermediate({ csr: 'x', commonName: 'c' })],
    ['the certificate of the authority', (vault) => vault.secrets.pki.readCaCertificate()],
    ['credentials', (vault) => vault.secrets.database.getStaticCredentials({ name: 'r' })],
    ['the configuration of KV', (vault) => vault.secrets.kv.v2.readConfiguration()],
    ['a connection', (vault) => vault.secrets.database.readConnection({ name: 'r' })],
    ['capabilities', (vault) => vault.sys.getCapabilities({ paths: ['a'] })],
    ['the mounts', (vault) => vault.sys.listMountedSecretsEngines()],
    ['health', (vault) => vault.sys.readHealthStatus()],
    ['the leader', (vault) => vault.sys.readLeaderStatus()],
    ['the keys of a new server', (vault) => vault.sys.initialize({ secretShares: 1, secretThreshold: 1 })],
  ])('refuses what does not tell %s: a page, nothing at all, and no data', async (_, ask) => {
    for (const vault of [await bare({ ok: true }), await bare(''), await answering(null)])
      expect(await failureOf(ask(vault))).toMatchObject({
        code: 'VAULT_RESPONSE_INVALID',
        remedy: expect.stringMatching(/^Check/) as string,
      });
  });

  it('refuses the health of a balancer that says nothing of Vault', async () => {
    const vault = await bare({ errors: ['backend down'] }, 503);
    expect(await failureOf(vault.sys.readHealthStatus())).toMatchObject({ code: 'VAULT_RESPONSE_INVALID' });
  });

  it('takes a write that was to be wrapped and has no answer to wrap', async () => {
    const { vault } = await rawVault(() => 'HTTP/1.1 204 No Content\r\n\r\n');
    expect(await vault.secrets.kv.v2.deleteMetadataAndAllVersions({ path: 'a', wrapTtl: '60s' })).toMatchObject({
      status: 204,
      wrapInfo: null,
    });
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;

  it.each<[string, Record<string, unknown>]>([
    ['itself', circular],
    [
      'what holds itself in an instance of a class',
      {
        list: [
          new (class {
            readonly self = this;
          })(),
        ],
      },
    ],
    ['NaN', { a: { ratio: Number.NaN } }],
    ['infinity', { list: [-Infinity] }],
  ])('says that a body which holds %s cannot be sent, and sends nothing', async (_, body) => {
    const { vault, requests } = await rawVault(() => httpAnswer(200, envelope({})));
    const error = await failureOf(vault.request({ method: 'POST', path: 'any', body }));
    expect(error).toMatchObject({
      code: 'VAULT_REQUEST_INVALID',
      sent: false,
      message: expect.stringContaining('cannot be sent') as string,
    });
    expect(requests).toEqual([]);
  });

  it('says so of a secret for KV that holds itself', async () => {
    const { vault, requests } = await rawVault(() => httpAnswer(200, envelope({})));
    const error = await failureOf(vault.secrets.kv.v2.createOrUpdateSecret({ path: 'a', secret: circular }));
    expect(error).toMatchObject({ code: 'VAULT_REQUEST_INVALID', sent: false });
    expect(requests).toEqual([]);
  });
});

describe('VaultService on its way to Vault', () => {
  it.each<[string, (vault: VaultService) => Promise<unknown>, string]>([
    ['no query', (vault) => vault.request({ method: 'GET', path: 'any', query: {} }), '/v1/any'],
    ['a query', (vault) => vault.request({ method: 'GET', path: 'any', query: { depth: 2, 'a&b': 'ü' } }), '/v1/any?depth=2&a%26b=%C3%BC'],
    [
      'a version and a depth',
      (vault) => vault.secrets.kv.v2.readSubkeys({ path: 'app', version: 3, depth: 1 }),
      '/v1/secret/subkeys/app?version=3&depth=1',
    ],
    ['a mount as Vault lists it', (vault) => vault.secrets.kv.v2.readConfiguration({ mountPoint: 'team/kv/' }), '/v1/team/kv/config'],
    ['the default mount of KV 1', (vault) => vault.secrets.kv.v1.readSecret({ path: 'app' }), '/v1/secret/app'],
    ['a named mount of KV 1', (vault) => vault.secrets.kv.v1.readSecret({ path: 'app', mountPoint: 'old' }), '/v1/old/app'],
  ])('asks with %s', async (_, ask, target) => {
    const { vault, requests } = await rawVault(() => httpAnswer(200, envelope({ subkeys: {}, metadata: {} })));
    await ask(vault);
    expect(requests.map((request) => request.target)).toEqual([target]);
  });

  it.each<[string, (vault: VaultService) => Promise<unknown>]>([
    ['an engine', (vault) => vault.secrets.kv.v2.readConfiguration({ mountPoint: '' })],
    ['a secret', (vault) => vault.getSecret('app', { mountPoint: '' })],
    ['a role', (vault) => vault.secrets.database.generateCredentials({ name: 'reader', mountPoint: '' })],
  ])('refuses an empty mount of %s instead of asking for something else', async (_, ask) => {
    const { vault, requests } = await rawVault(() => httpAnswer(200, envelope({})));
    expect(await failureOf(ask(vault))).toMatchObject({ code: 'VAULT_PATH_INVALID' });
    expect(requests).toEqual([]);
  });

  it.each<[string, (vault: VaultService) => Promise<unknown>]>([
    ['a path that is a list', (vault) => vault.getSecret(untyped(['..', 'sys']))],
    ['a path that is a number', (vault) => vault.secrets.kv.v2.listSecrets({ path: untyped(5) })],
    ['a mount that is a number', (vault) => vault.secrets.database.generateCredentials({ name: 'r', mountPoint: untyped(5) })],
    ['no secret to delete', (vault) => vault.secrets.kv.v2.deleteMetadataAndAllVersions({ path: untyped(undefined) })],
    ['no engine to disable', (vault) => vault.sys.disableSecretsEngine({ path: '' })],
    ['no auth method to disable', (vault) => vault.sys.disableAuthMethod({ path: '/' })],
    ['no audit device to disable', (vault) => vault.sys.disableAuditDevice({ path: '' })],
    ['no namespace to delete', (vault) => vault.sys.deleteNamespace({ path: '' })],
    ['no prefix to revoke', (vault) => vault.sys.revokePrefix(untyped({}))],
    ['an empty prefix to revoke by force', (vault) => vault.sys.revokeForce({ prefix: '' })],
  ])('refuses %s, and sends nothing', async (_, ask) => {
    const { vault, requests } = await rawVault(() => httpAnswer(200, envelope({})));
    expect(await failureOf(Promise.resolve().then(() => ask(vault)))).toMatchObject({ code: 'VAULT_PATH_INVALID' });
    expect(requests).toEqual([]);
  });

  it('takes null for no options', async () => {
    const { vault } = await rawVault(() => httpAnswer(200, envelope({ data: { a: '1' }, metadata: { version: 1 } })));
    expect(await vault.getSecret('app', untyped(null))).toMatchObject({ a: '1' });
  });

  it('sends extra parameters whose names are also options of a call', async () => {
    const { vault, requests } = await rawVault(() => 'HTTP/1.1 204 No Content\r\n\r\n');
    const extraParams = { schema: 'public', namespace: 'n', name: 'x', timeoutMs: 5, ttl: undefined };
    await vault.auth.userpass.createOrUpdateUser({ username: 'pip', namespace: 'team', extraParams });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ schema: 'public', namespace: 'n', name: 'x', timeout_ms: 5 });
  });

  it.each<[string, Partial<RawVaultRequest>]>([
    ['a namespace', { namespace: 'te€m' }],
    ['a namespace of two lines', { namespace: 'team\r\nX-Vault-Token: other' }],
    ['a wrap TTL', { wrapTtl: '60s\n' }],
  ])('says that a request with %s that no header can hold was not sent, and does not take Vault for away', async (_, options) => {
    const { vault, requests } = await rawVault(() => httpAnswer(200, envelope({})));
    const error = await failureOf(vault.request({ method: 'GET', path: 'any', ...options }));
    expect(error).toMatchObject({ code: 'VAULT_REQUEST_INVALID', sent: false, remedy: expect.stringContaining('namespace') as string });
    expect(requests).toEqual([]);
  });

  it.each(['s.t€ken', 's.first\ns.second'])('refuses the token %j at start without showing it', async (value) => {
    const error = await failureOf(rawVault(() => httpAnswer(200, envelope({})), { auth: token(value) }));
    expect(error).toMatchObject({ code: 'VAULT_REQUEST_INVALID', remedy: expect.stringContaining('token') as string });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('s.t€ken');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('s.first');
  });

  it.each([
    ['gives no more unseal keys than the server needs', 2, ['a', 'b'], false],
    ['gives all of them to one that needs more', 4, ['a', 'b', 'c'], true],
    ['gives none to a server that is not sealed', 0, [], false],
  ])('%s', async (_, threshold, expected, sealed) => {
    const given: string[] = [];
    const { vault } = await rawVault(({ method, body }) => {
      if (method === 'POST') given.push((JSON.parse(body) as { key: string }).key);
      return httpAnswer(200, { sealed: given.length < threshold, progress: given.length });
    });
    const { data } = await vault.sys.submitUnsealKeys({ keys: ['a', 'b', 'c'] });
    expect(given).toEqual(expected);
    expect(data).toMatchObject({ sealed, progress: expected.length });
  });

  it('reads a secret unwrapped, whatever an untyped caller asks for', async () => {
    const { vault, requests } = await rawVault(() => httpAnswer(200, envelope({ data: { a: '1' }, metadata: { version: 1 } })));
    expect(await vault.getSecret('app', untyped({ wrapTtl: '60s' }))).toMatchObject({ a: '1' });
    expect(requests.map(({ head }) => head.toLowerCase().includes('x-vault-wrap-ttl'))).not.toContain(true);
  });

  it('shows no more of a long name than its beginning', async () => {
    const { vault } = await rawVault(() => httpAnswer(200, envelope({})));
    const { message } = await failureOf(vault.getSecret(`${'n'.repeat(500)}/../x`));
    expect(message).toContain('nnn…');
    expect(message.length).toBeLessThan(400);
  });
});
