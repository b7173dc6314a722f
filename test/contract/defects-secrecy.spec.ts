import { appRole, isVaultError } from '@keyturn/vault';
import { describe, expect, it } from 'vitest';
import { services, shown, start } from './defects.context.js';

/** Defects that Node clients for Vault were seen with, each with the test that this one has it not. */
describe('Defects of other clients with secrets and names', () => {
  it('a token or secret in an error, its inspect() or its JSON', async () => {
    const secretId = 'not-the-secret-id-1234';
    const failed: unknown = await start({ auth: appRole({ roleId: 'no-such-role', secretId }), retry: false }).catch(
      (error: unknown) => error,
    );
    expect(isVaultError(failed, 'VAULT_AUTHENTICATION_FAILED')).toBe(true);
    expect(shown(failed)).not.toContain(secretId);
    const vault = await start({ retry: false });
    const refused: unknown = await vault.secrets.kv.v2
      .createOrUpdateSecret({ path: 'app', secret: { password: 'hunter2-secret' }, cas: 99 })
      .catch((error: unknown) => error);
    expect(isVaultError(refused, 'VAULT_REQUEST_INVALID')).toBe(true);
    for (const secret of ['hunter2-secret', services.openbao.rootToken]) expect(shown(refused)).not.toContain(secret);
  });

  it('a token or secret in anything public: service, session, answers, requests, credentials', async () => {
    const seen: unknown[] = [];
    const vault = await start({
      interceptors: [{ after: 'auth', use: { intercept: (request, next) => (seen.push(request), next(request)) } }],
    });
    const secret = await vault.getSecret('app');
    const response = await vault.secrets.kv.v2.readSecretVersion({ path: 'app' });
    await services.openbao.api('POST', 'secret/data/codes', { data: { backupCodes: ['hunter2-secret'], nested: [['hunter2-secret']] } });
    const codes = await vault.getSecret<{ backupCodes: readonly string[]; nested: readonly unknown[] }>('codes');
    expect(codes.backupCodes).toEqual(['hunter2-secret']);
    const made = await vault.auth.token.create({ policies: ['default'], ttl: '60s' });
    const wrapped = await vault.sys.wrap({ payload: { password: 'hunter2-secret' } });
    await vault.secrets.kv.v2.createOrUpdateSecret({ path: 'written', secret: { password: 'hunter2-secret' } });
    const secrets = ['hunter2-secret', services.openbao.rootToken, made.auth?.clientToken ?? '-', wrapped.wrapInfo?.token ?? '-'];
    const everything = [
      vault,
      vault.session,
      vault.session.state,
      vault.cache,
      vault.leases,
      vault.events,
      secret,
      response,
      response.data,
      codes,
      codes.backupCodes,
      codes.nested,
      made,
      made.auth,
      wrapped,
      wrapped.wrapInfo,
      ...seen,
    ];
    for (const each of everything) for (const value of secrets) expect(shown(each)).not.toContain(value);
    expect(seen.length).toBeGreaterThan(3);
  });

  it.each(['../sys/mounts', 'a/../../sys', '%2e%2e/sys', 'app?version=1\n', 'a\\b', 'a//b', '', '.', 'a\u0000'])(
    'a path %j that reaches another endpoint',
    async (path) => {
      const vault = await start();
      await expect(vault.getSecret(path)).rejects.toSatisfy((error) => isVaultError(error, 'VAULT_PATH_INVALID'));
      await expect(vault.request({ method: 'GET', path: `secret/data/${path}` })).rejects.toSatisfy((error) =>
        isVaultError(error, 'VAULT_PATH_INVALID'),
      );
    },
  );

  it("HTML-escaping where URL-encoding belongs: o'brien", async () => {
    expect(await (await start()).getSecret("o'brien")).toMatchObject({ a: '1' });
  });

  it('a query taken from a path', async () => {
    await expect((await start()).getSecret('app?version=7')).rejects.toSatisfy((error) => isVaultError(error, 'VAULT_NOT_FOUND'));
  });

  it('__proto__ and constructor keys that reach Object.prototype', async () => {
    await services.openbao.api('POST', 'secret/data/hostile', {
      data: JSON.parse('{"__proto__":{"polluted":true},"constructor":"c"}') as object,
    });
    const secret = await (await start()).getSecret('hostile');
    expect(Object.getOwnPropertyNames(secret).toSorted()).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('work that grows with each read', async () => {
    const vault = await start();
    const first = await vault.getSecret('app');
    for (let read = 0; read < 20_000; read += 1) await vault.getSecret('app');
    expect(await vault.getSecret('app')).toBe(first);
    expect(vault.cache.stats()).toMatchObject({ misses: 1, hits: 20_001, entries: 1 });
  });

  it('answers of node-vault that its users could not work with', async () => {
    const { nodeVault } = await start();
    const body: unknown = await nodeVault.read('secret/data/app');
    expect(JSON.parse(JSON.stringify(body))).toMatchObject({
      data: { data: { password: 'hunter2-secret' }, metadata: { created_time: expect.any(String) as string } },
      lease_id: '',
    });
    await nodeVault.write('secret/data/by-node-vault', { data: { a: '1' } });
    expect(await nodeVault.list('secret/metadata')).toMatchObject({
      data: { keys: expect.arrayContaining(['by-node-vault']) as string[] },
    });
    await nodeVault.delete('secret/metadata/by-node-vault');
    await expect(nodeVault.read('secret/data/by-node-vault')).rejects.toMatchObject({
      code: 'VAULT_NOT_FOUND',
      response: { statusCode: 404, body: { errors: [] } },
    });
    expect(await nodeVault.health()).toMatchObject({ sealed: false });
  });

  it('a policy that would allow the call, left for the reader to find out', async () => {
    const vault = await start({ auth: appRole(await services.openbao.approle('app')), retry: false });
    await expect(vault.sys.listPolicies()).rejects.toThrow('path "sys/policies/acl" { capabilities = ["list"] }');
    await expect(vault.secrets.kv.v2.createOrUpdateSecret({ path: 'app', secret: {}, mountPoint: 'other' })).rejects.toThrow(
      'path "other/data/app"',
    );
  });
});
