import { VaultError } from './vault-error.js';

/** The answer is not what Vault sends: not JSON, truncated, or of the wrong shape. */
export class VaultResponseInvalidError extends VaultError {
  override readonly code = 'VAULT_RESPONSE_INVALID';
}
