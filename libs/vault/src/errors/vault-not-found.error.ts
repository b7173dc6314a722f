import { VaultError } from './vault-error.js';

/** There is nothing at the path: no such secret, role or mount (HTTP 404, and 400 for a role of the database engine). */
export class VaultNotFoundError extends VaultError {
  override readonly code = 'VAULT_NOT_FOUND';
}
