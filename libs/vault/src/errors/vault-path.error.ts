import { VaultError } from './vault-error.js';

/** A mount, path or name that would not reach the endpoint it names, refused before anything is sent. */
export class VaultPathError extends VaultError {
  override readonly code = 'VAULT_PATH_INVALID';
}
