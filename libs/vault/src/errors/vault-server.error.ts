import { VaultError } from './vault-error.js';

/** Vault answered with a server error (HTTP 5xx). */
export class VaultServerError extends VaultError {
  override readonly code = 'VAULT_SERVER_FAILED';
}
