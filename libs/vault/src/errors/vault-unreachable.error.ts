import { VaultError } from './vault-error.js';

/** No connection to Vault could be made, or it broke before the answer was complete. */
export class VaultUnreachableError extends VaultError {
  override readonly code = 'VAULT_UNREACHABLE';
}
