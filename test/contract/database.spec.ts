import { queryPostgres } from '@keyturn/dev-services';
import { isVaultError, token } from '@keyturn/vault';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect, contractServers, recordCalls, type ContractConnection } from './contract.context.js';

describe.each(contractServers)('The database engine on %s', (name) => {
  const mountPoint = 'contract/db';
  const staticUser = name === 'OpenBao' ? 'contract_static_bao' : 'contract_static_vault';
  let connection: ContractConnection;
  let recorded: ReturnType<typeof recordCalls<ContractConnection['vault']['secrets']['database']>>;

  beforeAll(async () => {
    connection = await connect(name);
    await connection.server.admin.provision({ mounts: { [mountPoint]: { type: 'database' } } });
    recorded = recordCalls(connection.vault.secrets.database);
    await queryPostgres(inject('servers').postgres.superuser, `CREATE ROLE ${staticUser} LOGIN PASSWORD 'first'`);
  });
  afterAll(() => connection.close());

  it('is connected to PostgreSQL', async () => {
    const { host, port, database, user, password } = connection.server.postgres;
    await recorded.engine.configure({
      name: 'pg',
      pluginName: 'postgresql-database-plugin',
      allowedRoles: ['*'],
      extraParams: {
        connectionUrl: `postgresql://{{username}}:{{password}}@${host}:${port}/${database}?sslmode=disable`,
        username: user,
        password,
      },
      mountPoint,
    });
    const { data } = await recorded.engine.readConnection({ name: 'pg', mountPoint });
    expect(data.pluginName).toBe('postgresql-database-plugin');
    expect(data.connectionDetails).not.toHaveProperty('password');
    expect((await recorded.engine.listConnections({ mountPoint })).data.keys).toEqual(['pg']);
    await recorded.engine.resetConnection({ name: 'pg', mountPoint });
  });

  it('defines dynamic roles and creates users that live as long as their lease', async () => {
    await recorded.engine.createRole({
      name: 'reader',
      dbName: 'pg',
      creationStatements: [`CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'`],
      defaultTtl: '60s',
      maxTtl: 120,
      mountPoint,
    });
    expect((await recorded.engine.readRole({ name: 'reader', mountPoint })).data).toMatchObject({
      dbName: 'pg',
      defaultTtl: 60,
      maxTtl: 120,
    });
    expect((await recorded.engine.listRoles({ mountPoint })).data.keys).toEqual(['reader']);
    const response = await recorded.engine.generateCredentials({ name: 'reader', mountPoint });
    expect(response).toMatchObject({
      leaseDuration: 60,
      renewable: true,
      leaseId: expect.stringContaining(`${mountPoint}/creds/reader/`) as string,
    });
    const access = { ...connection.server.postgres, user: response.data.username, password: response.data.password };
    expect(await queryPostgres(access, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await connection.vault.sys.revokeLease({ leaseId: response.leaseId });
    await expect(queryPostgres(access, 'SELECT 1')).rejects.toBeInstanceOf(Error);
  });

  it('is asked for credentials anew each time: nothing is cached', async () => {
    const users = await Promise.all([1, 2, 3].map(() => recorded.engine.generateCredentials({ name: 'reader', mountPoint })));
    expect(new Set(users.map(({ data }) => data.username)).size).toBe(3);
    await connection.vault.sys.revokePrefix({ prefix: `${mountPoint}/creds/reader` });
  });

  it('defines static roles and rotates their password', async () => {
    await recorded.engine.createStaticRole({ name: 'app', dbName: 'pg', username: staticUser, rotationPeriod: '1h', mountPoint });
    expect((await recorded.engine.readStaticRole({ name: 'app', mountPoint })).data).toMatchObject({
      username: staticUser,
      rotationPeriod: 3_600,
    });
    expect((await recorded.engine.listStaticRoles({ mountPoint })).data.keys).toEqual(['app']);
    const before = await recorded.engine.getStaticCredentials({ name: 'app', mountPoint });
    expect(before).toMatchObject({ leaseId: '', leaseDuration: 0, data: { username: staticUser, rotationPeriod: 3_600 } });
    await recorded.engine.rotateStaticRoleCredentials({ name: 'app', mountPoint });
    const after = await recorded.engine.getStaticCredentials({ name: 'app', mountPoint });
    expect(after.data.password).not.toBe(before.data.password);
    expect(after.data.lastVaultRotation).not.toBe('');
    await recorded.engine.deleteStaticRole({ name: 'app', mountPoint });
  });

  it('rotates its own log-in', async () => {
    const { host, port, database } = connection.server.postgres;
    const root = `${staticUser}_root`;
    await queryPostgres(inject('servers').postgres.superuser, `CREATE ROLE ${root} SUPERUSER LOGIN PASSWORD 'first'`);
    const extraParams = {
      connectionUrl: `postgresql://{{username}}:{{password}}@${host}:${port}/${database}?sslmode=disable`,
      username: root,
      password: 'first',
    };
    await recorded.engine.configure({ name: 'root', pluginName: 'postgresql-database-plugin', extraParams, mountPoint });
    await recorded.engine.rotateRootCredentials({ name: 'root', mountPoint });
    await expect(queryPostgres({ ...connection.server.postgres, user: root, password: 'first' }, 'SELECT 1')).rejects.toBeInstanceOf(Error);
    await recorded.engine.deleteConnection({ name: 'root', mountPoint });
  });

  it('removes roles', async () => {
    await recorded.engine.deleteRole({ name: 'reader', mountPoint });
    await expect(recorded.engine.readRole({ name: 'reader', mountPoint })).rejects.toSatisfy((error) =>
      isVaultError(error, 'VAULT_NOT_FOUND'),
    );
  });

  it.each<[string, 'dynamic' | 'static', (engine: typeof recorded.engine, mount: string) => Promise<unknown>]>([
    ['credentials', 'dynamic', (engine, mount) => engine.generateCredentials({ name: 'nobody', mountPoint: mount })],
    ['a password', 'static', (engine, mount) => engine.getStaticCredentials({ name: 'nobody', mountPoint: mount })],
    ['another password', 'static', (engine, mount) => engine.rotateStaticRoleCredentials({ name: 'nobody', mountPoint: mount })],
  ])('asked for %s of a %s role that does not exist, names the role and the mount', async (_, kind, ask) => {
    const folder = kind === 'dynamic' ? 'roles' : 'static-roles';
    const error: unknown = await ask(recorded.engine, mountPoint).catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      code: 'VAULT_NOT_FOUND',
      status: 400,
      message: expect.stringContaining(`There is no ${kind} database role nobody at the mount ${mountPoint}.`) as string,
      remedy: expect.stringContaining(`${mountPoint}/${folder}/nobody`) as string,
      serverErrors: [expect.stringContaining('role') as string],
      cause: { code: 'VAULT_REQUEST_INVALID' },
    });
    await expect(ask(recorded.engine, 'contract/nowhere')).rejects.toMatchObject({
      code: 'VAULT_NOT_FOUND',
      status: 404,
      message: expect.stringContaining('at the mount contract/nowhere') as string,
    });
  });

  it('takes a mount of another kind for what it is', async () => {
    await connection.server.admin.provision({ mounts: { 'contract/no-db': { type: 'kv', options: { version: '1' } } } });
    await connection.vault.secrets.kv.v1.createOrUpdateSecret({ path: 'creds/app', secret: { a: '1' }, mountPoint: 'contract/no-db' });
    const asked = connection.vault.secrets.database.generateCredentials({ name: 'app', mountPoint: 'contract/no-db' });
    await expect(asked).rejects.toMatchObject({
      code: 'VAULT_RESPONSE_INVALID',
      remedy: expect.stringContaining('database secrets engine') as string,
    });
  });

  it('passes any other refusal on as it is', async () => {
    const made = await connection.vault.auth.token.create({ policies: ['default'], ttl: '60s' });
    const powerless = await connect(name, { address: connection.server.access.address, auth: token(made.auth?.clientToken ?? '') });
    await expect(powerless.vault.secrets.database.generateCredentials({ name: 'reader', mountPoint })).rejects.toMatchObject({
      code: 'VAULT_PERMISSION_DENIED',
    });
    await powerless.close();
  });

  it('was called with every method that it has', () => {
    expect(recorded.uncalled()).toEqual([]);
  });
});
