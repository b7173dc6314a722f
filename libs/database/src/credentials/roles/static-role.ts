import type { CredentialDefinition } from '../credential-definition.js';
import { requireRoleName, type RoleOptions } from './role-options.js';
import { StaticRoleSource } from './static-role.source.js';

export interface StaticRoleOptions extends RoleOptions {
  /**
   * Ask Vault to rotate the role when the database refuses the password that Vault believes in, because somebody changed it by hand.
   * Needs `update` on `<mount>/rotate-role/<name>`; without that right nothing happens. Default true.
   */
  readonly repair?: boolean;
}

/**
 * Credentials of a static role: one user of the database whose password Vault changes from time to time.
 * @param name of the static role in Vault's database secrets engine
 * @throws DatabaseConfigurationError when the name is empty
 */
export function staticRole(name: string, { mountPoint = 'database', repair = true }: StaticRoleOptions = {}): CredentialDefinition {
  requireRoleName(name, 'staticRole');
  return {
    name: `${mountPoint}/static-creds/${name}`,
    connect: (context) => new StaticRoleSource({ ...context, role: name, mountPoint, repair }),
  };
}
