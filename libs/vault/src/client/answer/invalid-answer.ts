import type { VaultErrorRequest } from '../../errors/vault-error.js';
import { VaultResponseInvalidError } from '../../errors/vault-response-invalid.error.js';

/** The error for an answer that is not what Vault sends. */
export function invalidAnswer(
  { status, request }: { readonly status: number; readonly request: VaultErrorRequest },
  what: string,
  remedy = 'Check that VAULT_ADDR points at Vault itself and not at a page in front of it.',
): VaultResponseInvalidError {
  return new VaultResponseInvalidError(`The answer to ${request.method} ${request.path} is ${what} (HTTP ${status}).`, {
    request,
    status,
    remedy,
  });
}
