import { VaultError } from './vault-error.js';

/** The server's certificate is not trusted or does not match the address. */
export class VaultTlsError extends VaultError {
  override readonly code = 'VAULT_TLS_FAILED';
}
