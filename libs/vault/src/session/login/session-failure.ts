import { VaultAuthenticationError } from '../../errors/vault-authentication.error.js';
import { VaultSessionClosedError } from '../../errors/vault-session-closed.error.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import { VaultServerError } from '../../errors/vault-server.error.js';
import type { VaultError } from '../../errors/vault-error.js';

/** The failure as it may be shown: a foreign error could hold anything, so it is not kept. */
export function sessionFailure(error: unknown, what: string): VaultError {
  return isVaultError(error) ? error : new VaultServerError(`The ${what} failed for a reason that is not Vault's.`);
}

const refusals: ReadonlySet<string> = new Set(['VAULT_PERMISSION_DENIED', 'VAULT_REQUEST_INVALID', 'VAULT_NOT_FOUND']);

/** Whether Vault answered that it does not renew the token: another try would be refused as well. */
export function isRenewalRefusal(failure: VaultError): boolean {
  return refusals.has(failure.code);
}

/** What a log-in ends with during which the session was closed. */
export function closedDuringLogin(): VaultSessionClosedError {
  return new VaultSessionClosedError('The Vault session was closed during the log-in.');
}

/** What a log-in ends with whose token may not be used once. */
export function noUseLeft(method: string): VaultAuthenticationError {
  return new VaultAuthenticationError(`The token of the ${method} log-in has no use left.`, {
    remedy: 'Give a token without a limit (`num_uses` or `token_num_uses` 0), or a higher one: each call costs a use.',
  });
}
