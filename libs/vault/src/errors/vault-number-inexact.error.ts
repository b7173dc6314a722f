import { VaultError, type VaultErrorOptions } from './vault-error.js';

/** Data holds a number that JavaScript would round, and exact numbers were not asked for. `field` names the place, never the number. */
export class VaultNumberInexactError extends VaultError {
  override readonly code = 'VAULT_NUMBER_INEXACT';
  /** Path of the field below the data, such as `limits.0`. */
  readonly field: string;

  constructor(message: string, field: string, options: VaultErrorOptions = {}) {
    super(message, options);
    this.field = field;
  }
}
