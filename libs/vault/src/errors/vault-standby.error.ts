import { VaultError } from './vault-error.js';

/** The node is a standby that cannot answer the call (HTTP 472 or 473). */
export class VaultStandbyError extends VaultError {
  override readonly code = 'VAULT_STANDBY';
}
