import { VaultError } from './vault-error.js';

/** A quota of Vault refused the call (HTTP 429); `retryAfterMs` says how long to wait, when Vault said so. */
export class VaultRateLimitedError extends VaultError {
  override readonly code = 'VAULT_RATE_LIMITED';
}
