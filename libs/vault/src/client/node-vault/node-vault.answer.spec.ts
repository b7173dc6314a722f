import { describe, expect, it } from 'vitest';
import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';
import { VaultResponseInvalidError } from '../../errors/vault-response-invalid.error.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import { answer } from '../interceptors/interceptor.fixture.js';
import { door } from './node-vault.door.fixture.js';

describe('An answer to a call through the node-vault door', () => {
  it('gives answers in the words of Vault', async () => {
    const wrapInfo = { token: 't', accessor: 'a', ttl: 60, creationTime: 'now', creationPath: 'p', wrappedAccessor: '' };
    const { client } = door(() => answer(null, { warnings: ['careful'], wrapInfo }));
    expect(await client.read('any/path')).toMatchObject({
      warnings: ['careful'],
      wrap_info: { creation_path: 'p', token: 't' },
      data: null,
    });
  });
});

describe('A failure of a call through the node-vault door', () => {
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
