import { isVaultError } from '../errors/is-vault-error.js';
import { VaultServerError } from '../errors/vault-server.error.js';
import type { VaultError } from '../errors/vault-error.js';

/** The failure as it may be shown: a foreign error could hold anything, so it is not kept. */
export function sessionFailure(error: unknown, what: string): VaultError {
  return isVaultError(error) ? error : new VaultServerError(`The ${what} failed for a reason that is not Vault's.`);
}

const refusals: ReadonlySet<string> = new Set(['VAULT_PERMISSION_DENIED', 'VAULT_REQUEST_INVALID', 'VAULT_NOT_FOUND']);

/** Whether Vault answered that it does not renew the token: another try would be refused as well. */
export function isRenewalRefusal(failure: VaultError): boolean {
  return refusals.has(failure.code);
}
