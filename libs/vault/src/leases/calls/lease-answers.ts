import { isVaultError } from '../../errors/is-vault-error.js';

/**
 * Whether Vault said that it no longer knows the lease. Told by its words, because it answers 400 as well when a lease lives on and
 * the engine behind it could not be reached. Source: Vault and OpenBao, `vault/expiration.go`.
 */
export function isLeaseGone(error: unknown): boolean {
  return said(error, /lease not found|invalid lease|lease (is )?expired|past max ttl/i);
}

/** Whether Vault will never extend the lease: it is not renewable, or the policy does not allow it. */
export function isNotRenewable(error: unknown): boolean {
  return isVaultError(error, 'VAULT_PERMISSION_DENIED') || said(error, /not renewable/i);
}

function said(error: unknown, words: RegExp): boolean {
  return isVaultError(error) && error.status === 400 && error.serverErrors?.some((message) => words.test(message)) === true;
}
