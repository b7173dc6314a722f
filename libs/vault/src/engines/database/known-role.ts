import type { VaultResponse } from '../../client/answer/vault-response.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import type { VaultError, VaultErrorOptions } from '../../errors/vault-error.js';
import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';

/** The role that a call is for. */
export interface DatabaseRolePlace {
  readonly kind: 'dynamic' | 'static';
  readonly role: string;
  readonly mountPoint: string;
}

const folders = { dynamic: 'roles', static: 'static-roles' } as const;

/**
 * The answer to a call for a role. Vault answers 400 for a role that it does not have, and 404 for anything else that is not there:
 * both become the same error.
 * @throws VaultNotFoundError that names the role and the mount, if there is no such role
 */
export async function forKnownRole<Data>(
  answer: Promise<VaultResponse<Data>>,
  { kind, role, mountPoint }: DatabaseRolePlace,
): Promise<VaultResponse<Data>> {
  try {
    return await answer;
  } catch (error) {
    if (!isMissing(error)) throw error;
    const folder = `${mountPoint}/${folders[kind]}`;
    throw new VaultNotFoundError(`There is no ${kind} database role ${role} at the mount ${mountPoint}.`, {
      ...factsOf(error),
      cause: error,
      remedy: `Create ${folder}/${role}, or correct the name or the mount: listing ${folder} shows the roles that there are.`,
    });
  }
}

/** Told by Vault's words where it answers 400. Source: Vault and OpenBao, `builtin/logical/database`. */
function isMissing(error: unknown): error is VaultError {
  if (isVaultError(error, 'VAULT_NOT_FOUND')) return true;
  const said = isVaultError(error, 'VAULT_REQUEST_INVALID') ? error.serverErrors : [];
  return said?.some((message) => /^unknown role\b|^no static role found/.test(message)) === true;
}

function factsOf({ request, status, serverErrors }: VaultError): VaultErrorOptions {
  return Object.fromEntries(Object.entries({ request, status, serverErrors }).filter(([, fact]) => fact !== undefined));
}
