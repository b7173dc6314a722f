import { VaultError } from './vault-error.js';

/** The answer is larger than `http.maxResponseBytes`; reading it was stopped there. */
export class VaultResponseTooLargeError extends VaultError {
  override readonly code = 'VAULT_RESPONSE_TOO_LARGE';
}
