import { isVaultError, token, VaultModule, VaultService } from '@keyturn/vault';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, silent, type ContractConnection } from './contract.context.js';

let root: ContractConnection;
const open: TestingModule[] = [];
beforeAll(async () => {
  root = await connect('OpenBao');
  await root.vault.sys.enableSecretsEngine({ backendType: 'kv', path: 'policy-lines', options: { version: '2' } });
});
afterAll(async () => {
  for (const module of open) await module.close();
  await root.vault.sys.disableSecretsEngine({ path: 'policy-lines' });
  await root.close();
});

/** A service with a token of its own that has the policy. */
async function withPolicy(name: string, policy: string): Promise<VaultService> {
  await root.vault.sys.createOrUpdatePolicy({ name, policy });
  const { auth } = await root.vault.auth.token.create({ policies: [name], ttl: '5m' });
  const module = await Test.createTestingModule({
    imports: [
      VaultModule.forRoot({ address: root.server.access.address, auth: token(auth?.clientToken ?? ''), cache: false, retry: false }),
    ],
  })
    .setLogger(silent)
    .compile();
  open.push(module);
  return module.get(VaultService);
}

const mountPoint = 'policy-lines';

/** Not found or malformed is as good as an answer here: Vault let the call through. */
const calls: readonly [string, (vault: VaultService) => Promise<unknown>][] = [
  ['a secret', (vault) => vault.getSecret('app', { mountPoint })],
  ['a name with a space', (vault) => vault.getSecret('my app', { mountPoint })],
  ['a name with quotes and a percent sign', (vault) => vault.getSecret('"50%" ü', { mountPoint })],
  ['a write', (vault) => vault.secrets.kv.v2.createOrUpdateSecret({ path: 'my app', secret: { a: '1' }, mountPoint })],
  ['a patch', (vault) => vault.secrets.kv.v2.patch({ path: 'my app', secret: { a: '2' }, mountPoint })],
  ['a list', (vault) => vault.secrets.kv.v2.listSecrets({ path: 'my folder', mountPoint })],
  ['a deletion', (vault) => vault.secrets.kv.v2.deleteMetadataAndAllVersions({ path: 'my app', mountPoint })],
  ['the audit devices', (vault) => vault.sys.listEnabledAuditDevices()],
  ['a new auth method', (vault) => vault.sys.enableAuthMethod({ methodType: 'userpass', path: 'policy-lines' })],
  ['the tuning of an auth method', (vault) => vault.sys.readAuthMethodTuning({ path: 'policy-lines' })],
  ['the end of an auth method', (vault) => vault.sys.disableAuthMethod({ path: 'policy-lines' })],
  ['the accessors of all tokens', (vault) => vault.auth.token.listAccessors()],
  ['an orphan made of a token', (vault) => vault.auth.token.revokeAndOrphanChildren({ token: 'none' })],
  ['the leases of others', (vault) => vault.sys.listLeases({ prefix: 'database/creds' })],
  ['the end of leases of others', (vault) => vault.sys.revokePrefix({ prefix: 'policy-lines/none' })],
  ['the end of leases by force', (vault) => vault.sys.revokeForce({ prefix: 'policy-lines/none' })],
  ['a remount', (vault) => vault.sys.moveBackend({ fromPath: 'policy-lines-none', toPath: 'policy-lines-other' })],
  ['the mounts', (vault) => vault.sys.listMountedSecretsEngines()],
  ['a policy', (vault) => vault.sys.readPolicy({ name: 'default' })],
];

describe('The policy line of a refusal', () => {
  it.each(calls)('allows %s', async (_, call) => {
    const name = `policy-line-${calls.findIndex(([, each]) => each === call)}`;
    const refused: unknown = await call(await withPolicy(name, 'path "none" { capabilities = ["read"] }')).catch((error: unknown) => error);
    if (!isVaultError(refused, 'VAULT_PERMISSION_DENIED')) throw new TypeError('expected a refusal', { cause: refused });
    const line = /`(path .*\})`/.exec(refused.remedy ?? '')?.[1] ?? '';
    const answer: unknown = await call(await withPolicy(`${name}-given`, line)).catch((error: unknown) => error);
    expect(isVaultError(answer) ? answer.code : 'answered').toSatisfy((code) =>
      ['answered', 'VAULT_NOT_FOUND', 'VAULT_REQUEST_INVALID'].includes(code as string),
    );
  });
});
