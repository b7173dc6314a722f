import { describe, expect, it } from 'vitest';
import type { VaultService } from '../../vault.service.js';
import { answering, answeringBody, failureOf } from '../answering-vault.fixture.js';

describe('An answer that does not tell what was asked', () => {
  it.each<[string, (vault: VaultService) => Promise<unknown>]>([
    ['a secret', (vault) => vault.secrets.kv.v2.readSecretVersion({ path: 'app' })],
    ['credentials', (vault) => vault.secrets.database.generateCredentials({ name: 'reader' })],
    ['a folder', (vault) => vault.secrets.kv.v2.listSecrets()],
    ['all secrets below a folder', (vault) => vault.secrets.kv.v2.iterateSecrets().next()],
    ['whether Vault is sealed', (vault) => vault.sys.isSealed()],
    ['whether Vault is initialised', (vault) => vault.sys.isInitialized()],
    ['what an unseal key did', (vault) => vault.sys.submitUnsealKeys({ keys: ['a'] })],
  ])('refuses an answer without data that was to tell %s', async (_, ask) => {
    expect(await failureOf(ask(await answering(null)))).toMatchObject({
      code: 'VAULT_RESPONSE_INVALID',
      remedy: expect.stringMatching(/^Check/) as string,
    });
  });

  const certificate = { name: 'r', commonName: 'c' };

  it.each<[string, (vault: VaultService) => Promise<unknown>]>([
    ['the write of a secret', (vault) => vault.secrets.kv.v2.createOrUpdateSecret({ path: 'a', secret: {} })],
    ['a patch', (vault) => vault.secrets.kv.v2.patch({ path: 'a', secret: {} })],
    ['the metadata of a secret', (vault) => vault.secrets.kv.v2.readSecretMetadata({ path: 'a' })],
    ['the names in a secret', (vault) => vault.secrets.kv.v2.readSubkeys({ path: 'a' })],
    ['a new token', (vault) => vault.auth.token.create()],
    ['a new orphan', (vault) => vault.auth.token.createOrphan()],
    ['a renewed token', (vault) => vault.auth.token.renewSelf()],
    ['the facts of a token', (vault) => vault.auth.token.lookupAccessor({ accessor: 'a' })],
    ['the facts of another token', (vault) => vault.auth.token.lookup({ token: 't' })],
    ['a log-in with AppRole', (vault) => vault.auth.approle.login({ roleId: 'r' })],
    ['a log-in with a password', (vault) => vault.auth.userpass.login({ username: 'u', password: 'p' })],
    ['a secret id', (vault) => vault.auth.approle.generateSecretId({ roleName: 'r' })],
    ['wrapping', (vault) => vault.sys.wrap({ payload: {} })],
    ['wrapping again', (vault) => vault.sys.rewrap({ token: 't' })],
    ['a certificate with its key', (vault) => vault.secrets.pki.generateCertificate(certificate)],
    ['a signed certificate', (vault) => vault.secrets.pki.signCertificate({ ...certificate, csr: 'x' })],
    ['a CSR', (vault) => vault.secrets.pki.generateIntermediate({ type: 'internal', commonName: 'c' })],
    ['a signed authority', (vault) => vault.secrets.pki.signIntermediate({ csr: 'x', commonName: 'c' })],
    ['the certificate of the authority', (vault) => vault.secrets.pki.readCaCertificate()],
    ['credentials', (vault) => vault.secrets.database.getStaticCredentials({ name: 'r' })],
    ['the configuration of KV', (vault) => vault.secrets.kv.v2.readConfiguration()],
    ['a connection', (vault) => vault.secrets.database.readConnection({ name: 'r' })],
    ['capabilities', (vault) => vault.sys.getCapabilities({ paths: ['a'] })],
    ['the mounts', (vault) => vault.sys.listMountedSecretsEngines()],
    ['health', (vault) => vault.sys.readHealthStatus()],
    ['the leader', (vault) => vault.sys.readLeaderStatus()],
    ['the keys of a new server', (vault) => vault.sys.initialize({ secretShares: 1, secretThreshold: 1 })],
  ])('refuses what does not tell %s: a page, nothing at all, and no data', async (_, ask) => {
    for (const vault of [await answeringBody({ ok: true }), await answeringBody(''), await answering(null)])
      expect(await failureOf(ask(vault))).toMatchObject({
        code: 'VAULT_RESPONSE_INVALID',
        remedy: expect.stringMatching(/^Check/) as string,
      });
  });

  it('refuses the health of a balancer that says nothing of Vault', async () => {
    const vault = await answeringBody({ errors: ['backend down'] }, 503);
    expect(await failureOf(vault.sys.readHealthStatus())).toMatchObject({ code: 'VAULT_RESPONSE_INVALID' });
  });

  it('refuses facts of a token that are nested without end', async () => {
    const deep = `${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}`;
    const vault = await answeringBody(`{"request_id":"r","data":null,"auth":{"client_token":"x","metadata":${deep}}}`);
    expect(await failureOf(vault.request({ method: 'GET', path: 'any' }))).toMatchObject({
      code: 'VAULT_RESPONSE_INVALID',
      message: expect.stringContaining('nested too deep') as string,
    });
  });
});
