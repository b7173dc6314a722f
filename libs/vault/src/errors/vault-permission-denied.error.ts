import { VaultError } from './vault-error.js';

/** The token is live but its policies do not allow the call (HTTP 403). */
export class VaultPermissionDeniedError extends VaultError {
  override readonly code = 'VAULT_PERMISSION_DENIED';
}
