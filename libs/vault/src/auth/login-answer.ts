import type { VaultResponse } from '../client/answer/vault-response.js';
import { isVaultError } from '../errors/is-vault-error.js';
import { VaultAuthenticationError } from '../errors/vault-authentication.error.js';
import { VaultResponseInvalidError } from '../errors/vault-response-invalid.error.js';
import { SecretValue } from '../support/redaction/secret-value.js';
import type { LoginResult } from './auth-method.js';

/** How an error names the log-in. */
export interface LoginNames {
  /** Such as `AppRole`. */
  readonly method: string;
  readonly mountPoint: string;
  /** What to check when Vault refuses the log-in. */
  readonly remedy: string;
}

/** What Vault answers to a log-in that it refuses. */
const refusals: ReadonlySet<string> = new Set(['VAULT_REQUEST_INVALID', 'VAULT_PERMISSION_DENIED', 'VAULT_NOT_FOUND']);

/**
 * The result of a log-in that makes a token, from the answer of Vault to it.
 * @throws VaultAuthenticationError if Vault refused the credentials, VaultResponseInvalidError if the answer has no token
 */
export async function loginAnswer(answer: Promise<VaultResponse>, names: LoginNames): Promise<LoginResult> {
  const { auth, sentAtMs } = await refusedAsAuthentication(answer, names);
  if (auth === null || auth.clientToken === '') {
    throw new VaultResponseInvalidError(`The answer to the ${names.method} log-in has no token.`);
  }
  return {
    token: new SecretValue(auth.clientToken),
    ttlSeconds: auth.leaseDuration,
    renewable: auth.renewable,
    sentAtMs,
    owned: true,
    numUses: auth.numUses,
    identity: auth.entityId === '' ? auth.accessor : auth.entityId,
  };
}

async function refusedAsAuthentication(answer: Promise<VaultResponse>, names: LoginNames): Promise<VaultResponse> {
  try {
    return await answer;
  } catch (error) {
    if (!isVaultError(error) || !refusals.has(error.code) || error.status === undefined) throw error;
    throw new VaultAuthenticationError(
      `Vault refused the ${names.method} log-in at auth/${names.mountPoint} (${error.serverErrors?.join('; ') ?? `HTTP ${error.status}`}).`,
      { cause: error, status: error.status, remedy: names.remedy },
    );
  }
}
