import { vaultErrorCodes, type VaultErrorCode } from './error-codes.js';
import type { VaultError } from './vault-error.js';

/**
 * Whether a caught value is a {@link VaultError}, and of the given code if one is named.
 * Looks at the code and not at the class, so it holds when two copies of the package are installed.
 */
export function isVaultError<Code extends VaultErrorCode>(error: unknown, code?: Code): error is VaultError & { readonly code: Code } {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return code === undefined ? Object.hasOwn(vaultErrorCodes, error.code) : error.code === code;
}
