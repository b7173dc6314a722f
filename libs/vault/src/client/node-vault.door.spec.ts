import { describe, expect, it } from 'vitest';
import { VaultNotFoundError } from '../errors/vault-not-found.error.js';
import { VaultResponseInvalidError } from '../errors/vault-response-invalid.error.js';
import { VaultUnreachableError } from '../errors/vault-unreachable.error.js';
import { nodeVaultDoor } from './node-vault.door.js';
import type { VaultRequest } from './vault-request.js';
import { VaultResponse, type VaultResponseFields } from './vault-response.js';

const address = 'https://vault.test:8200';

function answer(fields: Partial<VaultResponseFields<unknown>> = {}): VaultResponse {
  return new VaultResponse({
    status: 200,
    requestId: 'r',
    leaseId: '',
    leaseDuration: 0,
    renewable: false,
    data: { a: '1' },
    auth: null,
    wrapInfo: null,
    warnings: [],
    receivedAtMs: 0,
    tokenEpoch: 1,
    ...fields,
  });
}

function door(respond: () => VaultResponse | Promise<VaultResponse> = () => answer()) {
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
    expect(await client.read(path)).toMatchObject({ request_id: 'r', data: { a: '1' }, warnings: null, auth: null });
    expect(requests).toMatchObject([{ method: 'GET', token: 'session', ...expected }]);
  });

  it.each(['secret/../sys/seal', 'secret/%2e%2e/sys/seal', 'secret//app'])('sends nothing for %s', async (path) => {
    const { client, requests } = door();
    await expect(client.read(path)).rejects.toMatchObject({ code: 'VAULT_PATH_INVALID' });
    expect(requests).toEqual([]);
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
    const { client } = door(() => answer({ warnings: ['careful'], wrapInfo, data: null }));
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
