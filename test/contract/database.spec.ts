import { queryPostgres } from '@keyturn/dev-services';
import { isVaultError } from '@keyturn/vault';
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

  it('was called with every method that it has', () => {
    expect(recorded.uncalled()).toEqual([]);
  });
});
