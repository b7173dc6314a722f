import { VaultError } from './vault-error.js';

/** The caller aborted the call through its AbortSignal. */
export class VaultAbortedError extends VaultError {
  override readonly code = 'VAULT_ABORTED';
}
