import { VaultError } from './vault-error.js';

/** An option or environment variable is missing or malformed. Thrown at start, before any request; the message names the setting. */
export class VaultConfigurationError extends VaultError {
  override readonly code = 'VAULT_CONFIGURATION_INVALID';
}
