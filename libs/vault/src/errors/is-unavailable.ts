import { isVaultError } from './is-vault-error.js';
import type { VaultErrorCode } from './error-codes.js';

const unavailableCodes: ReadonlySet<VaultErrorCode> = new Set([
  'VAULT_UNREACHABLE',
  'VAULT_TIMEOUT',
  'VAULT_RATE_LIMITED',
  'VAULT_SERVER_FAILED',
  'VAULT_SEALED',
  'VAULT_STANDBY',
]);

/** Whether the failure says that Vault is away for the moment, and not that it refused: another try may succeed. */
export function isUnavailable(error: unknown): boolean {
  return isVaultError(error) && unavailableCodes.has(error.code) && error.status !== 501;
}
