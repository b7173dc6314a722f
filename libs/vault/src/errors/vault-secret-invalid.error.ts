import { VaultError, type VaultErrorOptions } from './vault-error.js';

/** The secret is not what the given schema says. `fields` names where, never what is there. */
export class VaultSecretInvalidError extends VaultError {
  override readonly code = 'VAULT_SECRET_INVALID';
  /** Paths of the fields, such as `smtp.port`; empty text for the secret as a whole. */
  readonly fields: readonly string[];

  constructor(message: string, fields: readonly string[], options: VaultErrorOptions = {}) {
    super(message, options);
    this.fields = fields;
  }
}
