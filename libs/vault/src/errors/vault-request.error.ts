import { VaultError } from './vault-error.js';

/** Vault refused the request as malformed or against its state (HTTP 400, 405, 422), or its headers or its body cannot be sent. */
export class VaultRequestError extends VaultError {
  override readonly code = 'VAULT_REQUEST_INVALID';
}
