import { isVaultError } from '@keyturn/vault';

const doubtful = new Set(['VAULT_TIMEOUT', 'VAULT_UNREACHABLE', 'VAULT_RESPONSE_INVALID', 'VAULT_RESPONSE_TOO_LARGE', 'VAULT_LEASE_LOST']);
const unavailableStatus = 503;

/**
 * Whether a request for credentials that failed may have created them all the same: it was sent, and no answer tells what became of it.
 * Vault answers with errors of its own after it has undone what it began. A gateway before Vault (502, 504) knows nothing of that.
 */
export function mayHaveIssued(error: unknown): boolean {
  if (!isVaultError(error) || error.sent === false) return false;
  if (doubtful.has(error.code)) return true;
  return error.code === 'VAULT_SERVER_FAILED' && error.status !== unavailableStatus && (error.serverErrors ?? []).length === 0;
}
