import { appRoleStatements, type OpenBaoAdmin, queryPostgres, type PostgresAccess } from '@keyturn/dev-services';

/**
 * What an application needs that logs in by AppRole: a database role `<name>_app` that owns the rights, the mount `<name>` with the
 * dynamic role `app`, and an AppRole `<name>` that may read its credentials, use their leases and its own token, and nothing else.
 */
export async function provisionAppRole(openbao: OpenBaoAdmin, superuser: PostgresAccess, name: string): Promise<void> {
  await queryPostgres(superuser, `CREATE ROLE ${name}_app`);
  await openbao.provision({
    policies: {
      [name]: `path "${name}/creds/app" { capabilities = ["read"] }
path "sys/leases/*" { capabilities = ["update"] }
path "auth/token/*" { capabilities = ["read", "update"] }`,
    },
    approle: { [name]: { token_policies: [name], token_ttl: '1h' } },
    database: {
      mount: name,
      dynamicRoles: { app: { creation_statements: appRoleStatements({ role: `${name}_app` }), default_ttl: '1h' } },
    },
  });
}
