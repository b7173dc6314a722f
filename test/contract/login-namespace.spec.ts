import { appRole } from '@keyturn/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type ContractConnection } from './contract.context.js';

// HashiCorp Vault has namespaces in its Enterprise edition only.
describe('A log-in in another namespace than its secrets, on OpenBao', () => {
  const namespace = 'login-team';
  const mountPoint = 'login-approle';
  let administration: ContractConnection;
  let credentials: { roleId: string; secretId: string };

  beforeAll(async () => {
    administration = await connect('OpenBao');
    const { sys, auth, secrets } = administration.vault;
    await sys.createNamespace({ path: namespace });
    await sys.enableSecretsEngine({ backendType: 'kv', path: 'kvn', options: { version: '2' }, namespace });
    await secrets.kv.v2.createOrUpdateSecret({ path: 'app', secret: { a: '1' }, mountPoint: 'kvn', namespace });
    await sys.enableAuthMethod({ methodType: 'approle', path: mountPoint });
    const policy = `path "${namespace}/kvn/data/app" { capabilities = ["read"] }`;
    await sys.createOrUpdatePolicy({ name: 'login-team-reader', policy });
    const role = { roleName: 'app', mountPoint };
    await auth.approle.createOrUpdateApprole({ ...role, tokenPolicies: ['login-team-reader'] });
    const { data: id } = await auth.approle.readRoleId(role);
    const { data: secret } = await auth.approle.generateSecretId(role);
    credentials = { roleId: id.roleId, secretId: secret.secretId };
  });
  afterAll(async () => {
    await administration.vault.sys.disableAuthMethod({ path: mountPoint });
    await administration.vault.sys.deleteNamespace({ path: namespace });
    await administration.close();
  });

  it('reads there, tells a denial from a revoked token, and revokes its token at the end', async () => {
    const connection = await connect('OpenBao', { namespace, auth: appRole({ ...credentials, mountPoint, namespace: '' }) });
    const { vault } = connection;
    const read = (): Promise<object> => vault.getSecret('app', { mountPoint: 'kvn' });
    expect({ ...(await read()) }).toEqual({ a: '1' });

    await expect(vault.getSecret('other', { mountPoint: 'kvn' })).rejects.toMatchObject({ code: 'VAULT_PERMISSION_DENIED' });
    expect(vault.session.epoch).toBe(1);

    const revoked = await vault.session.current();
    await administration.vault.auth.token.revoke({ token: revoked.value.reveal() });
    expect({ ...(await read()) }).toEqual({ a: '1' });
    expect(vault.session.epoch).toBe(2);

    const last = (await vault.session.current()).value.reveal();
    await connection.close();
    await expect(administration.vault.auth.token.lookup({ token: last })).rejects.toMatchObject({ code: 'VAULT_PERMISSION_DENIED' });
  });

  it('is refused where the method is not mounted', async () => {
    const auth = appRole({ ...credentials, mountPoint });
    await expect(connect('OpenBao', { namespace, auth })).rejects.toMatchObject({ code: 'VAULT_AUTHENTICATION_FAILED' });
  });
});
