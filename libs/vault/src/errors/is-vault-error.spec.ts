import { describe, expect, expectTypeOf, it } from 'vitest';
import { isVaultError } from './is-vault-error.js';
import { VaultConfigurationError } from './vault-configuration.error.js';
import type { VaultError } from './vault-error.js';
import { VaultNotFoundError } from './vault-not-found.error.js';
import { VaultSecretDeletedError } from './vault-secret-deleted.error.js';
import { VaultSecretInvalidError } from './vault-secret-invalid.error.js';

const metadata = { version: 3, createdTime: '', deletionTime: 'now', destroyed: false };

describe('isVaultError', () => {
  it('knows a deleted secret by its code, with its metadata', () => {
    const error: unknown = new VaultSecretDeletedError('gone', metadata);
    if (!isVaultError(error, 'VAULT_SECRET_DELETED')) throw new TypeError('expected a deleted secret');
    expect(error.metadata.version).toBe(3);
  });

  it('knows a secret that is not what its schema says, with its fields', () => {
    const error: unknown = new VaultSecretInvalidError('wrong', ['port']);
    if (!isVaultError(error, 'VAULT_SECRET_INVALID')) throw new TypeError('expected an invalid secret');
    expect(error.fields).toEqual(['port']);
  });

  it('knows a wrong setting, with its name', () => {
    const error: unknown = new VaultConfigurationError('wrong', { setting: 'VAULT_ADDR' });
    if (!isVaultError(error, 'VAULT_CONFIGURATION_INVALID')) throw new TypeError('expected a wrong setting');
    expect(error.setting).toBe('VAULT_ADDR');
  });

  it('knows any error of the family, without what only some tell', () => {
    const error: unknown = new VaultNotFoundError('none');
    if (!isVaultError(error)) throw new TypeError('expected an error of the family');
    expectTypeOf(error).toExtend<VaultError>();
    expectTypeOf(error).not.toHaveProperty('metadata');
    expect(error.code).toBe('VAULT_NOT_FOUND');
  });

  it.each<[string, unknown]>([
    ['another code', new VaultNotFoundError('none')],
    ['an error without code', new Error('VAULT_SECRET_DELETED')],
    ['an object with the code', { code: 'VAULT_SECRET_DELETED' }],
    ['nothing', undefined],
  ])('does not take %s for it', (_, value) => expect(isVaultError(value, 'VAULT_SECRET_DELETED')).toBe(false));

  it("does not take another library's code for one of the family", () =>
    expect(isVaultError(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))).toBe(false));
});
