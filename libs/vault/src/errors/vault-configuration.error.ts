import { VaultError, type VaultErrorOptions } from './vault-error.js';

/** What a {@link VaultConfigurationError} is made with. */
export interface VaultConfigurationErrorOptions extends VaultErrorOptions {
  readonly setting?: string | undefined;
}

/** An option or environment variable is missing or malformed. Thrown at start, before any request; the message names the setting. */
export class VaultConfigurationError extends VaultError {
  override readonly code = 'VAULT_CONFIGURATION_INVALID';
  /**
   * The setting at fault, for programs: its environment variable where it has one, such as `VAULT_CACERT`, else the option, such as
   * `cache.ttlMs`. The first one where several are wrong.
   */
  declare readonly setting?: string;

  constructor(message: string, options: VaultConfigurationErrorOptions = {}) {
    super(message, options);
  }
}
