import { VaultError, type VaultErrorOptions } from './vault-error.js';

/** What KV v2 still knows of a deleted version. Source: Vault API, KV v2, "Read secret version". */
export interface DeletedSecretMetadata {
  readonly version: number;
  /** RFC 3339, as Vault writes it. */
  readonly createdTime: string;
  /** RFC 3339; empty when the version was destroyed without having been deleted. */
  readonly deletionTime: string;
  readonly destroyed: boolean;
}

/** The version of the KV v2 secret is deleted (it can be undeleted) or destroyed (it cannot): `metadata` says which. */
export class VaultSecretDeletedError extends VaultError {
  override readonly code = 'VAULT_SECRET_DELETED';
  readonly metadata: DeletedSecretMetadata;

  constructor(message: string, metadata: DeletedSecretMetadata, options: VaultErrorOptions = {}) {
    super(message, options);
    this.metadata = metadata;
  }
}
