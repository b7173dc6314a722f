import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DevServices } from '../dev-services.js';
import { queryPostgres } from '../postgres/postgres-query.js';
import { appRoleStatements, dropRoleStatements } from './app-role-statements.js';

describe('provisioning', () => {
  let services: DevServices;

  beforeAll(async () => {
    services = await DevServices.start({
      openbao: {
        mounts: { transit: { type: 'transit' } },
        policies: { 'read-config': 'path "config/*" { capabilities = ["read"] }' },
        approle: { short: { token_ttl: '4s', token_max_ttl: '8s', token_policies: ['read-config'] }, app: {} },
        kvMounts: { config: { version: 1, secrets: { app: { colour: 'green' } } }, versions: { version: 2, secrets: { a: { b: 'c' } } } },
        database: {
          dynamicRoles: {
            reader: { creation_statements: appRoleStatements({ role: 'app_reader' }), default_ttl: '10s', max_ttl: '30s' },
            brief: { creation_statements: appRoleStatements({ role: 'app_reader' }), revocation_statements: dropRoleStatements },
          },
          staticRoles: { reports: { username: 'reports', rotation_period: '1h' } },
        },
        pki: { roles: { grimoire: { allow_localhost: true, max_ttl: '1h' } } },
      },
      postgres: {
        tls: true,
        setup: [
          'CREATE ROLE app_reader NOLOGIN',
          'CREATE ROLE reports LOGIN',
          'CREATE TABLE recipes (name text)',
          "INSERT INTO recipes VALUES ('soup')",
          'GRANT SELECT ON recipes TO app_reader, reports',
        ],
      },
    });
  });

  afterAll(() => services?.stop());

  it("defines AppRoles with the server's own settings", async () => {
    const { roleId, secretId } = await services.openbao.approle('short');
    const { auth } = await services.openbao.api('POST', 'auth/approle/login', { role_id: roleId, secret_id: secretId });
    const application = services.openbao.as(auth?.client_token ?? '');

    expect(auth?.lease_duration).toBe(4);
    expect((await application.api('GET', 'config/app')).data).toEqual({ colour: 'green' });
    expect((await application.ask('GET', 'versions/data/a')).status).toBe(403);
  });

  it('writes secrets of both versions of the key-value engine', async () => {
    expect((await services.openbao.api('GET', 'versions/data/a')).data['data']).toEqual({ b: 'c' });
    expect((await services.openbao.api('GET', 'config/app')).data).toEqual({ colour: 'green' });
  });

  it.each([
    ['a dynamic role', 'database/creds/reader'],
    ['a static role', 'database/static-creds/reports'],
  ])('has the database engine issue credentials of %s that log in', async (_kind, path) => {
    const { data } = await services.openbao.api('GET', path);
    const access = { ...services.postgres.superuser, user: String(data['username']), password: String(data['password']) };

    expect(await queryPostgres(access, 'SELECT name FROM recipes')).toEqual([{ name: 'soup' }]);
  });

  it.each([
    ['the statements of the engine', 'reader'],
    ['dropRoleStatements', 'brief'],
  ])('mints roles that act as their group, so that revoking one drops it, with %s', async (_statements, role) => {
    const { data, lease_id: lease } = await services.openbao.api('GET', `database/creds/${role}`);
    const user = String(data['username']);
    const access = { ...services.postgres.superuser, user, password: String(data['password']) };
    expect(await queryPostgres(access, 'SELECT current_user AS role')).toEqual([{ role: 'app_reader' }]);
    await services.openbao.api('PUT', 'sys/leases/revoke', { lease_id: lease, sync: true });

    expect(await services.postgres.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [user])).toEqual([]);
  });

  it('issues certificates of its own root', async () => {
    const { data } = await services.openbao.api('POST', 'pki/issue/grimoire', { common_name: 'localhost', ttl: '10m' });

    expect(data['certificate']).toContain('BEGIN CERTIFICATE');
  });

  it('can be applied again and added to', async () => {
    await services.openbao.provision({
      kvMounts: { config: { version: 1, secrets: { more: { size: 'small' } } } },
      pki: {},
      approle: true,
    });

    expect((await services.openbao.api('GET', 'config/more')).data).toEqual({ size: 'small' });
    expect((await services.openbao.api('GET', 'config/app')).data).toEqual({ colour: 'green' });
  });
});
