import { VaultError, type VaultErrorOptions } from './vault-error.js';

/**
 * Data has a field whose name would switch off what keeps secrets out of logs, such as `toJSON`. `field` names the place, never what
 * is there.
 */
export class VaultSecretUnredactableError extends VaultError {
  override readonly code = 'VAULT_SECRET_UNREDACTABLE';
  /** Path of the field below the data, such as `smtp.toJSON`. */
  readonly field: string;

  constructor(message: string, field: string, options: VaultErrorOptions = {}) {
    super(message, options);
    this.field = field;
  }
}
