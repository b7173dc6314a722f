import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { VaultRequest } from '../../client/request/vault-request.js';
import { VaultResponse, type VaultResponseFields } from '../../client/answer/vault-response.js';
import type { VaultError } from '../../errors/vault-error.js';
import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';
import { VaultRequestError } from '../../errors/vault-request.error.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import type { CredentialInput } from '../credential-input.js';
import { appRole, type AppRoleOptions } from './approle.auth-method.js';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-approle-'));
afterAll(() => rmSync(folder, { recursive: true }));

const granted = { clientToken: 's.made', accessor: 'accessor', entityId: 'entity', leaseDuration: 60, renewable: true };

function answer(auth: object | null): VaultResponse {
  const fields = { status: 200, requestId: 'r', leaseId: '', leaseDuration: 0, renewable: false, data: null, wrapInfo: null };
  return new VaultResponse({ ...fields, warnings: [], receivedAtMs: 7, tokenEpoch: 0, auth } as VaultResponseFields<unknown>);
}

/** What the method sends, and what becomes of an answer. */
function logIn(options: AppRoleOptions, respond: () => VaultResponse | Promise<VaultResponse> = () => answer(granted)) {
  const requests: VaultRequest[] = [];
  const send = async (request: VaultRequest): Promise<VaultResponse> => {
    requests.push(request);
    return respond();
  };
  const method = appRole(options);
  return { requests, login: () => method.login({ send }) };
}

describe('appRole', () => {
  it.each<[string, AppRoleOptions, object]>([
    ['text, trimmed', { roleId: 'r', secretId: ' s\n' }, { role_id: 'r', secret_id: 's' }],
    ['a function', { roleId: () => 'r', secretId: async () => 's' }, { role_id: 'r', secret_id: 's' }],
    ['no secret id, for a role that needs none', { roleId: 'r' }, { role_id: 'r' }],
  ])('logs in with %s, as nobody', async (_, options, body) => {
    const { requests, login } = logIn(options);
    expect(await login()).toMatchObject({ ttlSeconds: 60, renewable: true, sentAtMs: 7, owned: true, identity: 'entity' });
    expect(requests).toMatchObject([{ path: 'auth/approle/login', body, token: 'none', mints: true }]);
  });

  it.each([undefined, '', 'team'])('logs in where its namespace %j says', async (namespace) => {
    const { requests, login } = logIn({ roleId: 'r', namespace });
    await login();
    expect(requests[0]?.namespace).toBe(namespace);
  });

  it('reads a file again at each log-in, because it may have been replaced', async () => {
    const file = join(folder, 'secret-id');
    const { requests, login } = logIn({ roleId: 'r', secretId: { file }, mountPoint: 'teams/approle' });
    for (const secretId of ['first', 'second']) {
      writeFileSync(file, `${secretId}\n`);
      await login();
    }
    expect(requests.map(({ path, body }) => [path, body?.['secret_id']])).toEqual([
      ['auth/teams/approle/login', 'first'],
      ['auth/teams/approle/login', 'second'],
    ]);
  });

  it('is taken for the token where Vault has no entity for it', async () => {
    const { login } = logIn({ roleId: 'r' }, () => answer({ ...granted, entityId: '' }));
    expect(await login()).toMatchObject({ identity: 'accessor' });
  });

  describe('refuses before anything is sent', () => {
    it.each<[string, unknown]>([
      ['nothing', undefined],
      ['blanks', '  '],
      ['a number', 5],
      ['a file without a name', { file: '' }],
    ])('%s as role id', (_, roleId) => {
      expect(() => appRole({ roleId: roleId as CredentialInput })).toThrow(
        expect.objectContaining({ code: 'VAULT_CONFIGURATION_INVALID', setting: 'VAULT_ROLE_ID' }) as Error,
      );
    });

    it.each<[string, CredentialInput, RegExp]>([
      ['a file that is not there', { file: '/none/secret-id' }, /\/none\/secret-id.*ENOENT/],
      ['a function that gives nothing', () => '', /missing or empty/],
      ['a function that gives no text', (() => undefined) as unknown as () => string, /missing or empty/],
    ])('%s as secret id', async (_, secretId, message) => {
      const { requests, login } = logIn({ roleId: 'r', secretId });
      await expect(login()).rejects.toMatchObject({
        code: 'VAULT_CONFIGURATION_INVALID',
        setting: 'VAULT_SECRET_ID',
        message: expect.stringMatching(message) as string,
      });
      expect(requests).toEqual([]);
    });
  });

  it.each([
    ['has no token', { ...granted, clientToken: '' }],
    ['is none', null],
  ])('does not take a log-in for a success whose answer %s', async (_, auth) => {
    await expect(logIn({ roleId: 'r' }, () => answer(auth)).login()).rejects.toMatchObject({ code: 'VAULT_RESPONSE_INVALID' });
  });

  it('says where it was refused when the mount does not exist', async () => {
    const { login } = logIn({ roleId: 'r', mountPoint: 'nowhere' }, () => Promise.reject(new VaultNotFoundError('none', { status: 404 })));
    await expect(login()).rejects.toMatchObject({
      code: 'VAULT_AUTHENTICATION_FAILED',
      status: 404,
      message: expect.stringContaining('auth/nowhere (HTTP 404)') as string,
    });
  });

  it.each<[string, VaultError]>([
    ['a Vault that is away', new VaultUnreachableError('away')],
    ['a request that could not be sent', new VaultRequestError('cannot be sent', { sent: false })],
  ])('does not blame its credentials for %s', async (_, error) => {
    const { login } = logIn({ roleId: 'r' }, () => Promise.reject(error));
    await expect(login()).rejects.toBe(error);
  });
});
