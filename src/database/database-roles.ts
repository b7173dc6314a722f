/**
 * What an administrator of the database does once, before the first migration: the group roles that the users made by Vault act as,
 * and the user whose password Vault changes. Users that Vault drops must own nothing, so the schema belongs to `grimoire_owner`.
 */
export const databaseRoleStatements: readonly string[] = [
  'CREATE ROLE grimoire_owner NOLOGIN',
  'CREATE ROLE grimoire_reader NOLOGIN',
  'CREATE ROLE "grimoire-app" LOGIN IN ROLE grimoire_reader',
  'GRANT USAGE, CREATE ON SCHEMA public TO grimoire_owner',
  'GRANT USAGE ON SCHEMA public TO grimoire_reader',
  'ALTER DEFAULT PRIVILEGES FOR ROLE grimoire_owner IN SCHEMA public GRANT SELECT ON TABLES TO grimoire_reader',
];
