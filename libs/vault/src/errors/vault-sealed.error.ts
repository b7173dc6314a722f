import { VaultError } from './vault-error.js';

/** Vault is sealed, uninitialised or in maintenance (HTTP 503 or 501). */
export class VaultSealedError extends VaultError {
  override readonly code = 'VAULT_SEALED';
}
