/** What the roles that OpenBao mints may do. */
export interface AppRoleStatementsOptions {
  /** An existing group role (NOLOGIN) that the minted role is a member of and acts as from the log-in on. */
  readonly role: string;
  /** Further grants to the minted role itself, such as `SELECT ON recipes`. */
  readonly grants?: readonly string[];
}

/**
 * Creation statements for a dynamic role of PostgreSQL. The sessions act as the group role, so a DROP ROLE of the minted role breaks no
 * open session, and what they create belongs to the group.
 */
export function appRoleStatements({ role, grants = [] }: AppRoleStatementsOptions): string[] {
  const group = `"${role.replaceAll('"', '""')}"`;
  return [
    `CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';`,
    `GRANT ${group} TO "{{name}}";`,
    `ALTER ROLE "{{name}}" SET role = '${role.replaceAll("'", "''")}';`,
    ...grants.map((grant) => `GRANT ${grant} TO "{{name}}";`),
  ];
}

/**
 * Revocation statements for a dynamic role of PostgreSQL that has no grants of its own, as `appRoleStatements` without `grants` makes it.
 * Without any, the database engine searches the catalogue for grants to take back before each DROP ROLE.
 */
export const dropRoleStatements: readonly string[] = [`DROP ROLE IF EXISTS "{{name}}";`];
