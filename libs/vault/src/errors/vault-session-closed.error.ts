import { VaultError } from './vault-error.js';

/** The session was shut down; no further call can be made through it. */
export class VaultSessionClosedError extends VaultError {
  override readonly code = 'VAULT_SESSION_CLOSED';
}
