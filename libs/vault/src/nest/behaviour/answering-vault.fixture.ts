import { envelope, httpAnswer } from '../../client/raw-server.fixture.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import type { VaultError } from '../../errors/vault-error.js';
import type { VaultService } from '../vault.service.js';
import { rawVault } from './raw-vault.fixture.js';

/** A service whose Vault answers each call with this body. */
export const answeringBody = async (body: string | object, status = 200): Promise<VaultService> =>
  (await rawVault(() => httpAnswer(status, body))).vault;

/** A service whose Vault answers each call with an envelope around this data. */
export const answering = (data: unknown, fields: object = {}): Promise<VaultService> => answeringBody(envelope(data, fields));

/** The error of a call. A call that does not fail, and an error of another class, fail the test. */
export async function failureOf(call: Promise<unknown>): Promise<VaultError> {
  const error: unknown = await call.catch((failure: unknown) => failure);
  if (!isVaultError(error)) throw new TypeError('expected a VaultError');
  return error;
}

/** What JavaScript may pass. */
export const untyped = (value: unknown): never => value as never;
