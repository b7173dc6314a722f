import { VaultError } from './vault-error.js';

/** Vault refused the log-in: a credential is wrong, spent or expired. */
export class VaultAuthenticationError extends VaultError {
  override readonly code = 'VAULT_AUTHENTICATION_FAILED';
}
