import { DatabaseConfigurationError } from '../../errors/database-configuration.error.js';

/** Where Vault keeps a database role. */
export interface RoleOptions {
  /** Mount of the database secrets engine. Default `database`. */
  readonly mountPoint?: string;
}

/** @throws DatabaseConfigurationError for a role without a name */
export function requireRoleName(name: string, factory: string): void {
  if (typeof name === 'string' && name.trim() !== '') return;
  throw new DatabaseConfigurationError(`credentials: ${factory}() needs the name of a role in Vault, but got an empty one.`, {
    setting: 'credentials',
    remedy: `Name a role of Vault's database secrets engine.`,
  });
}
