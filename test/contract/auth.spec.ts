import { isVaultError } from '@keyturn/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, contractServers, recordCalls, type ContractConnection } from './contract.context.js';

const fails = (code: string) => expect.toSatisfy((error: unknown) => isVaultError(error) && error.code === code);

describe.each(contractServers)('Auth methods on %s', (name) => {
  let connection: ContractConnection;
  const mountPoint = 'contract-approle';
  const userMount = 'contract-userpass';
  beforeAll(async () => {
    connection = await connect(name);
    await connection.vault.sys.enableAuthMethod({ methodType: 'approle', path: mountPoint });
    await connection.vault.sys.enableAuthMethod({ methodType: 'userpass', path: userMount, description: 'people' });
  });
  afterAll(() => connection.close());

  it('AppRole: administers roles and secret ids and logs in, with every method that it has', async () => {
    const recorded = recordCalls(connection.vault.auth.approle);
    const { engine } = recorded;
    const role = { roleName: 'app', mountPoint };
    await engine.createOrUpdateApprole({ ...role, tokenTtl: '60s', tokenMaxTtl: 120, tokenPolicies: ['default'], secretIdNumUses: 5 });
    expect((await engine.readRole(role)).data).toMatchObject({ tokenTtl: 60, tokenMaxTtl: 120, secretIdNumUses: 5 });
    expect((await engine.listRoles({ mountPoint })).data.keys).toEqual(['app']);
    await engine.updateRoleId({ ...role, roleId: 'known-role-id' });
    const { roleId } = (await engine.readRoleId(role)).data;
    expect(roleId).toBe('known-role-id');

    const made = await engine.generateSecretId({ ...role, metadata: { node: 'a' } });
    expect(made.data).toMatchObject({ secretIdNumUses: 5 });
    const { secretId, secretIdAccessor } = made.data;
    const login = await engine.login({ roleId, secretId, mountPoint });
    expect(login.auth).toMatchObject({ leaseDuration: 60, renewable: true, metadata: { node: 'a' } });
    expect((await engine.readSecretId({ ...role, secretId })).data).toMatchObject({ secretIdAccessor });
    expect((await engine.listSecretIdAccessors(role)).data.keys).toEqual([secretIdAccessor]);
    expect((await engine.readSecretIdAccessor({ ...role, secretIdAccessor })).data).toMatchObject({ secretIdNumUses: 4 });
    await engine.destroySecretId({ ...role, secretId });
    await expect(engine.login({ roleId, secretId, mountPoint })).rejects.toEqual(fails('VAULT_REQUEST_INVALID'));

    const custom = await engine.createCustomSecretId({ ...role, secretId: 'chosen-by-us-0001', cidrList: ['127.0.0.0/8'] });
    await engine.login({ roleId, secretId: 'chosen-by-us-0001', mountPoint });
    await engine.destroySecretIdAccessor({ ...role, secretIdAccessor: custom.data.secretIdAccessor });
    await expect(engine.login({ roleId, secretId: 'chosen-by-us-0001', mountPoint })).rejects.toBeInstanceOf(Error);
    const wrapped = await engine.generateSecretId({ ...role, wrapTtl: '60s' });
    const unwrapped = await connection.vault.sys.unwrap({ token: wrapped.wrapInfo?.token ?? '' });
    expect(unwrapped.data).toHaveProperty('secret_id');
    await engine.deleteRole(role);
    await expect(engine.readRole(role)).rejects.toEqual(fails('VAULT_NOT_FOUND'));
    expect(recorded.uncalled()).toEqual([]);
  });

  it('Userpass: administers users and logs in, with every method that it has', async () => {
    const recorded = recordCalls(connection.vault.auth.userpass);
    const { engine } = recorded;
    const user = { username: 'alistair', mountPoint: userMount };
    await engine.createOrUpdateUser({ ...user, password: 'first-password', extraParams: { tokenTtl: '60s' } });
    expect((await engine.readUser(user)).data).toMatchObject({ tokenTtl: 60 });
    expect((await engine.listUser({ mountPoint: userMount })).data.keys).toEqual(['alistair']);
    expect((await engine.login({ ...user, password: 'first-password' })).auth?.metadata).toMatchObject({ username: 'alistair' });
    await engine.updatePasswordOnUser({ ...user, password: 'second-password' });
    const refused: unknown = await engine.login({ ...user, password: 'first-password' }).catch((error: unknown) => error);
    expect(refused).toEqual(fails('VAULT_REQUEST_INVALID'));
    expect(JSON.stringify(refused)).not.toContain('first-password');
    await engine.deleteUser(user);
    await expect(engine.readUser(user)).rejects.toEqual(fails('VAULT_NOT_FOUND'));
    expect(recorded.uncalled()).toEqual([]);
  });

  it('Token: makes, looks up, renews and revokes tokens, with every method that it has', async () => {
    const own = await connect(name, {});
    const recorded = recordCalls(own.vault.auth.token);
    const { engine } = recorded;
    await engine.createOrUpdateRole({ roleName: 'contract', allowedPolicies: ['default'], renewable: true, tokenPeriod: '1h' });
    expect((await engine.readRole({ roleName: 'contract' })).data).toMatchObject({ renewable: true, tokenPeriod: 3_600 });
    expect((await engine.listRoles()).data.keys).toContain('contract');
    const byRole = await engine.create({ roleName: 'contract' });
    expect(byRole.auth).toMatchObject({ leaseDuration: 3_600, policies: ['default'] });

    const made = await engine.create({
      policies: ['default'],
      ttl: '60s',
      meta: { purpose: 'contract' },
      displayName: 'contract',
      numUses: 0,
    });
    const { clientToken: token = '', accessor = '' } = made.auth ?? {};
    expect((await engine.lookup({ token })).data).toMatchObject({
      creationTtl: 60,
      meta: { purpose: 'contract' },
      displayName: 'token-contract',
      accessor,
    });
    expect((await engine.lookupAccessor({ accessor })).data).toMatchObject({ id: '', accessor });
    expect((await engine.renew({ token, increment: '30s' })).auth?.leaseDuration).toBe(30);
    expect((await engine.renewAccessor({ accessor, increment: '20s' })).auth?.leaseDuration).toBe(20);
    expect((await engine.listAccessors()).data.keys).toContain(accessor);
    const child = await engine.createOrphan({ policies: ['default'], ttl: '60s' });
    expect(child.auth?.orphan).toBe(true);
    await engine.revokeAndOrphanChildren({ token: child.auth?.clientToken ?? '' });
    await engine.revokeAccessor({ accessor: byRole.auth?.accessor ?? '' });
    await engine.revoke({ token });
    await expect(engine.lookup({ token })).rejects.toEqual(fails('VAULT_PERMISSION_DENIED'));
    expect((await engine.lookupSelf()).data.policies).toContain('root');
    await engine.deleteRole({ roleName: 'contract' });
    await engine.tidy();
    await own.close();

    const short = await connection.vault.auth.token.create({ policies: ['default'], ttl: '60s' });
    const asShort = recordCalls((await connectAs(name, short.auth?.clientToken ?? '')).auth.token);
    expect((await asShort.engine.renewSelf({ increment: '45s' })).auth?.leaseDuration).toBe(45);
    await asShort.engine.revokeSelf();
    await expect(asShort.engine.lookupSelf()).rejects.toBeInstanceOf(Error);
    expect(recorded.uncalled().filter((method) => asShort.uncalled().includes(method))).toEqual([]);
  });

  const opened: ContractConnection[] = [];
  afterAll(() => Promise.all(opened.map((each) => each.close())));

  async function connectAs(_: string, value: string): Promise<ContractConnection['vault']> {
    const { token } = await import('@keyturn/vault');
    const { address } = connection.server.access;
    const own = await connect(name, { address, auth: token(value) });
    opened.push(own);
    return own.vault;
  }
});
