import type { CredentialDefinition } from '../credential-definition.js';
import { DynamicRoleSource } from './dynamic-role.source.js';
import { requireRoleName, type RoleOptions } from './role-options.js';

/**
 * Credentials of a dynamic role: Vault creates a user of the database for this application and drops it when it is no longer used.
 * @param name of the role in Vault's database secrets engine
 * @throws DatabaseConfigurationError when the name is empty
 */
export function dynamicRole(name: string, { mountPoint = 'database' }: RoleOptions = {}): CredentialDefinition {
  requireRoleName(name, 'dynamicRole');
  return {
    name: `${mountPoint}/creds/${name}`,
    connect: (context) => new DynamicRoleSource({ ...context, role: name, mountPoint }),
  };
}
