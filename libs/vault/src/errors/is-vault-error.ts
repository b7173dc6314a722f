import { vaultErrorCodes, type VaultErrorCode } from './error-codes.js';
import type { VaultConfigurationError } from './vault-configuration.error.js';
import type { VaultError } from './vault-error.js';
import type { VaultNumberInexactError } from './vault-number-inexact.error.js';
import type { VaultSecretDeletedError } from './vault-secret-deleted.error.js';
import type { VaultSecretInvalidError } from './vault-secret-invalid.error.js';
import type { VaultSecretUnredactableError } from './vault-secret-unredactable.error.js';

/** The classes that tell more than every {@link VaultError} does. */
interface TellingErrors {
  readonly VAULT_CONFIGURATION_INVALID: VaultConfigurationError;
  readonly VAULT_SECRET_DELETED: VaultSecretDeletedError;
  readonly VAULT_SECRET_INVALID: VaultSecretInvalidError;
  readonly VAULT_SECRET_UNREDACTABLE: VaultSecretUnredactableError;
  readonly VAULT_NUMBER_INEXACT: VaultNumberInexactError;
}

/** The error of a code, with what its class tells. */
export type VaultErrorOf<Code extends VaultErrorCode> = VaultError & { readonly code: Code } & (Code extends keyof TellingErrors
    ? TellingErrors[Code]
    : unknown);

/**
 * Whether a caught value is a {@link VaultError}, and of the given code if one is named: then it is known as the class of that code,
 * such as with the `metadata` of a deleted secret.
 * Looks at the code and not at the class, so it holds when two copies of the package are installed.
 */
export function isVaultError<Code extends VaultErrorCode>(error: unknown, code?: Code): error is VaultErrorOf<Code> {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return code === undefined ? Object.hasOwn(vaultErrorCodes, error.code) : error.code === code;
}
