import { VaultError } from './vault-error.js';

/** Vault did not answer within the deadline of the call. */
export class VaultTimeoutError extends VaultError {
  override readonly code = 'VAULT_TIMEOUT';
}
