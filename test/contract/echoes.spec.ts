import { isVaultError } from '@keyturn/vault';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, contractServers, type ContractConnection } from './contract.context.js';

describe.each(contractServers)('What %s says of a database connection that it cannot use', (name) => {
  let connection: ContractConnection;
  beforeAll(async () => {
    connection = await connect(name);
    await connection.vault.sys.enableSecretsEngine({ backendType: 'database', path: 'echo-db' });
  });
  afterAll(async () => {
    await connection.vault.sys.disableSecretsEngine({ path: 'echo-db' });
    await connection.close();
  });

  it.each(['S3Q:PAX/xxQZ', 'S3Q%zzPAX', 'S3Q@PAX/QZ', 'S3Q PAX"QZ', "S3Q'PAX\\QZ", 'S3Q#PAX?QZ', 'S3Q[PAX]QZ'])(
    'shows no piece of the password %s, which nobody encoded',
    async (password) => {
      const said: unknown = await connection.vault.secrets.database
        .configure({
          name: 'echo',
          mountPoint: 'echo-db',
          pluginName: 'postgresql-database-plugin',
          allowedRoles: ['echo'],
          connectionUrl: `postgresql://echo-admin:${password}@127.0.0.1:1/echo`,
          verifyConnection: true,
        } as never)
        .catch((error: unknown) => error);
      expect(isVaultError(said)).toBe(true);
      expect(inspect(said)).not.toMatch(/S3Q|PAX|QZ|zz/i);
    },
  );
});
