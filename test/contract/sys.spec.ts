import { DevServices } from '@keyturn/dev-services';
import { isVaultError, VaultModule, VaultService, token } from '@keyturn/vault';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, contractServers, orRefused, recordCalls, type ContractConnection } from './contract.context.js';

describe.each(contractServers)('The system backend on %s', (name) => {
  let connection: ContractConnection;
  let sys: ContractConnection['vault']['sys'];
  const missing: (() => readonly string[])[] = [];

  const record = (vault: VaultService): VaultService['sys'] => {
    const recorded = recordCalls(vault.sys);
    missing.push(() => recorded.uncalled());
    return recorded.engine;
  };
  beforeAll(async () => {
    connection = await connect(name);
    sys = record(connection.vault);
  });
  afterAll(() => connection.close());

  it('tells its state', async () => {
    expect((await sys.readHealthStatus()).data).toMatchObject({ initialized: true, sealed: false, standby: false });
    expect(await sys.isInitialized()).toBe(true);
    expect((await sys.readInitStatus()).data.initialized).toBe(true);
    expect(await sys.isSealed()).toBe(false);
    expect((await sys.readSealStatus()).data).toMatchObject({ sealed: false, progress: 0 });
    expect((await sys.readLeaderStatus()).data).toHaveProperty('haEnabled');
  });

  it('mounts, tunes, moves and removes secrets engines', async () => {
    const path = 'contract/sys/kv';
    await sys.enableSecretsEngine({
      backendType: 'kv',
      path,
      description: 'd',
      options: { version: '1' },
      config: { defaultLeaseTtl: '1h' },
    });
    const mounts = (await sys.listMountedSecretsEngines()).data;
    expect(mounts[`${path}/`]).toMatchObject({
      type: 'kv',
      description: 'd',
      config: { defaultLeaseTtl: 3_600 },
      options: { version: '1' },
    });
    await sys.tuneMountConfiguration({ path, maxLeaseTtl: '2h', description: 'e' });
    expect((await sys.readMountConfiguration({ path })).data).toMatchObject({ maxLeaseTtl: 7_200, description: 'e' });
    await sys.moveBackend({ fromPath: path, toPath: 'contract/sys/moved' });
    await expect.poll(async () => Object.keys((await sys.listMountedSecretsEngines()).data)).toContain('contract/sys/moved/');
    await sys.disableSecretsEngine({ path: 'contract/sys/moved/' });
    expect(Object.keys((await sys.listMountedSecretsEngines()).data)).not.toContain('contract/sys/moved/');
  });

  it('mounts, tunes and removes auth methods', async () => {
    await sys.enableAuthMethod({ methodType: 'userpass', path: 'contract-people' });
    expect((await sys.listAuthMethods()).data['contract-people/']).toMatchObject({ type: 'userpass' });
    await sys.tuneAuthMethod({ path: 'contract-people', defaultLeaseTtl: 60, extraParams: { listingVisibility: 'unauth' } });
    expect((await sys.readAuthMethodTuning({ path: 'contract-people' })).data.defaultLeaseTtl).toBe(60);
    await sys.disableAuthMethod({ path: 'contract-people' });
  });

  it('keeps policies and tells capabilities', async () => {
    await sys.createOrUpdatePolicy({ name: 'contract', policy: 'path "secret/data/contract" { capabilities = ["read"] }' });
    await sys.createOrUpdatePolicy({ name: 'contract-json', policy: { path: { 'secret/*': { capabilities: ['list'] } } } });
    expect((await sys.readPolicy({ name: 'contract' })).data.policy).toContain('secret/data/contract');
    expect((await sys.listPolicies()).data.keys).toEqual(expect.arrayContaining(['contract', 'contract-json']));
    const made = await connection.vault.auth.token.create({ policies: ['contract'], ttl: '60s' });
    const paths = ['secret/data/contract', 'secret/data/other'];
    const expected = { 'secret/data/contract': ['read'], 'secret/data/other': ['deny'] };
    expect(await sys.getCapabilities({ paths, token: made.auth?.clientToken ?? '' })).toEqual(expected);
    expect(await sys.getCapabilities({ paths, accessor: made.auth?.accessor ?? '' })).toEqual(expected);
    expect((await sys.getCapabilities({ paths }))['secret/data/other']).toEqual(['root']);
    await sys.deletePolicy({ name: 'contract-json' });
    await expect(sys.readPolicy({ name: 'contract-json' })).rejects.toSatisfy((error) => isVaultError(error, 'VAULT_NOT_FOUND'));
  });

  it('wraps and unwraps, once', async () => {
    const wrapped = await sys.wrap({ payload: { a: 'secret-payload' }, ttl: '60s' });
    const wrappingToken = wrapped.wrapInfo?.token ?? '';
    expect((await sys.lookupWrapping({ token: wrappingToken })).data).toMatchObject({ creationTtl: 60, creationPath: 'sys/wrapping/wrap' });
    const again = await sys.rewrap({ token: wrappingToken });
    const { data } = await sys.unwrap({ token: again.wrapInfo?.token ?? '' });
    expect(data).toMatchObject({ a: 'secret-payload' });
    await expect(sys.unwrap({ token: wrappingToken })).rejects.toSatisfy((error) => isVaultError(error));
  });

  it('looks after leases', async () => {
    // A log-in of its own mount: leases of token/create belong to everybody who shares the server.
    await sys.enableAuthMethod({ methodType: 'userpass', path: 'contract-leases' });
    const user = { username: 'pip', password: 'a-password', mountPoint: 'contract-leases' };
    await connection.vault.auth.userpass.createOrUpdateUser(user);
    await connection.vault.auth.userpass.login(user);
    const prefix = 'auth/contract-leases/login/pip';
    const { keys } = (await sys.listLeases({ prefix })).data;
    const leaseId = `${prefix}/${keys[0]}`;
    expect((await sys.readLease({ leaseId })).data).toMatchObject({ id: leaseId, ttl: expect.any(Number) as number });
    await orRefused(sys.renewLease({ leaseId, increment: 30 }));
    await sys.revokeLease({ leaseId });
    await expect(sys.readLease({ leaseId })).rejects.toSatisfy((error) => isVaultError(error, 'VAULT_REQUEST_INVALID'));
    await sys.revokePrefix({ prefix: 'contract/nothing' });
    await sys.revokeForce({ prefix: 'contract/nothing/' });
    await sys.disableAuthMethod({ path: 'contract-leases' });
  });

  it('keeps audit devices', async () => {
    const enable = sys.enableAuditDevice({ deviceType: 'file', path: 'contract', options: { file_path: 'discard' }, description: 'none' });
    const allowed = await enable.then(
      () => true,
      (error: unknown) => !isVaultError(error, 'VAULT_REQUEST_INVALID'),
    );
    const devices = Object.keys((await sys.listEnabledAuditDevices()).data);
    expect(devices.includes('contract/')).toBe(allowed);
    // OpenBao allows audit devices only in its configuration file, unless it is told otherwise.
    const hash = await sys.calculateHash({ path: 'contract', inputToHash: 'x' }).then(
      ({ data }) => data.hash,
      () => '',
    );
    expect(hash.startsWith('hmac-')).toBe(allowed);
    await orRefused(sys.disableAuditDevice({ path: 'contract' }));
  });

  it('keeps namespaces, where the server has them', async () => {
    const created = await sys.createNamespace({ path: 'contract-ns' }).then(
      () => true,
      (error: unknown) => !isVaultError(error),
    );
    expect(created).toBe(name === 'OpenBao');
    const listed = await sys.listNamespaces().then(
      ({ data }) => data.keys,
      (): readonly string[] => [],
    );
    expect(listed.includes('contract-ns/')).toBe(created);
    await orRefused(sys.deleteNamespace({ path: 'contract-ns' }));
  });

  it('seals and unseals a server of its own, and makes it step down', async () => {
    const services = await DevServices.start({
      openbao: { mode: 'persistent', distribution: name === 'OpenBao' ? 'openbao' : 'vault', faults: false },
    });
    const module = await Test.createTestingModule({
      imports: [VaultModule.forRoot({ address: services.openbao.address, auth: token(services.openbao.rootToken), retry: false })],
    }).compile();
    const own = record(module.get(VaultService));
    await own.seal();
    expect(await own.isSealed()).toBe(true);
    expect((await own.readHealthStatus()).status).toBe(503);
    await expect(own.listPolicies()).rejects.toSatisfy((error) => isVaultError(error, 'VAULT_SEALED'));
    expect(
      (await own.submitUnsealKey({ key: Buffer.alloc(32).toString('base64') }).catch((error: unknown) => error)) ?? 'answered',
    ).toBeDefined();
    await own.submitUnsealKey({ reset: true });
    await own.submitUnsealKeys({ keys: [] });
    await expect(own.initialize({ secretShares: 1, secretThreshold: 1 })).rejects.toSatisfy((error) => isVaultError(error));
    await services.openbao.unseal();
    await orRefused(own.stepDown());
    await module.close();
    await services.stop();
  });

  it('was called with every method that it has', () => {
    const [first = () => [], second = () => []] = missing;
    expect(first().filter((method) => second().includes(method))).toEqual([]);
  });
});
