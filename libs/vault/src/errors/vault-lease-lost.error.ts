import { VaultError } from './vault-error.js';

/** The lease is gone: expired, revoked, or its parent token was revoked. */
export class VaultLeaseLostError extends VaultError {
  override readonly code = 'VAULT_LEASE_LOST';
}
