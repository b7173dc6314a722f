import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { token } from '../../../auth/token/token.auth-method.js';
import { envelope, httpAnswer } from '../../../client/raw-server.fixture.js';
import type { RawVaultRequest } from '../../../client/request/raw-request.js';
import type { VaultService } from '../../vault.service.js';
import { failureOf, untyped } from '../answering-vault.fixture.js';
import { rawVault } from '../raw-vault.fixture.js';

describe('A body that JSON cannot hold', () => {
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

describe('A path that names nothing', () => {
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
});

describe('A value that no header can hold', () => {
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
});
