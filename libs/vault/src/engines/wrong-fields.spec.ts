import { describe, expect, it } from 'vitest';
import { answer, HandClock, ScriptedServer } from '../client/interceptors/interceptor.fixture.js';
import type { VaultResponseFields } from '../client/answer/vault-response.js';
import { MountVersions } from './kv/mount-versions.js';
import { createEngines, type VaultEngines } from './secrets-engines.js';

type Call = (engines: VaultEngines) => Promise<unknown>;
type Facts = Partial<VaultResponseFields<unknown>>;

function engines(data: unknown, facts: Facts = {}): VaultEngines {
  const server = new ScriptedServer(() => answer(data, facts));
  return createEngines(server.handle, new MountVersions(server.handle, { clock: new HandClock() }), 'secret');
}

const invalid = (words: string): object => ({
  code: 'VAULT_RESPONSE_INVALID',
  message: expect.stringContaining(words) as string,
  remedy: expect.stringMatching(/^Check that /) as string,
});

const notText = [undefined, null, '', 5, true, {}, ['c']];
const notFlag = [undefined, null, 'true', 1, {}];
const notList = [undefined, null, 'k', 5, {}];
const notObject = [undefined, null, 'x', 5, ['x']];
const notNumber = [undefined, null, '1', true, {}];
const certificate = { name: 'web', commonName: 'a.test' };
const metadata = {
  version: 1,
  created_time: '',
  deletion_time: '',
  destroyed: false,
  custom_metadata: null,
};

describe('An answer with one field of another type', () => {
  it.each<[string, Call, string, object, readonly unknown[]]>([
    ['a new certificate', ({ secrets }) => secrets.pki.generateCertificate(certificate), 'certificate', { private_key: 'k' }, notText],
    ['a new certificate', ({ secrets }) => secrets.pki.generateCertificate(certificate), 'private_key', { certificate: 'c' }, notText],
    ['a signed certificate', ({ secrets }) => secrets.pki.signCertificate({ ...certificate, csr: 'c' }), 'certificate', {}, notText],
    ['a verbatim certificate', ({ secrets }) => secrets.pki.signVerbatim({ csr: 'c' }), 'certificate', {}, notText],
    ['a stored certificate', ({ secrets }) => secrets.pki.readCertificate({ serial: '1' }), 'certificate', {}, notText],
    ['the chain of an authority', ({ secrets }) => secrets.pki.readCaCertificateChain(), 'certificate', {}, notText],
    ['a CSR', ({ secrets }) => secrets.pki.generateIntermediate({ type: 'internal', commonName: 'a' }), 'csr', {}, notText],
    ['a signed authority', ({ secrets }) => secrets.pki.signIntermediate({ csr: 'c', commonName: 'a' }), 'certificate', {}, notText],
    ['a certificate that signs itself', ({ secrets }) => secrets.pki.signSelfIssued({ certificate: 'c' }), 'certificate', {}, notText],
    ['a secret id', ({ auth }) => auth.approle.generateSecretId({ roleName: 'r' }), 'secret_id', {}, notText],
    ['a secret id of ours', ({ auth }) => auth.approle.createCustomSecretId({ roleName: 'r', secretId: 's' }), 'secret_id', {}, notText],
    ['health', ({ sys }) => sys.readHealthStatus(), 'sealed', { initialized: true }, notFlag],
    ['the seal', ({ sys }) => sys.isSealed(), 'sealed', {}, notFlag],
    ['an unseal key', ({ sys }) => sys.submitUnsealKey({ key: 'k' }), 'sealed', {}, notFlag],
    ['initialisation', ({ sys }) => sys.isInitialized(), 'initialized', {}, notFlag],
    ['the leader', ({ sys }) => sys.readLeaderStatus(), 'ha_enabled', {}, notFlag],
    ['new keys', ({ sys }) => sys.initialize({ secretShares: 1, secretThreshold: 1 }), 'keys', { root_token: 't' }, notList],
    ['new keys', ({ sys }) => sys.initialize({ secretShares: 1, secretThreshold: 1 }), 'root_token', { keys: ['k'] }, notText],
    ['a folder', ({ secrets }) => secrets.kv.v2.listSecrets(), 'keys', {}, notList],
    ['a written secret', ({ secrets }) => secrets.kv.v2.createOrUpdateSecret({ path: 'a', secret: {} }), 'version', {}, notNumber],
    ['a patched secret', ({ secrets }) => secrets.kv.v2.patch({ path: 'a', secret: {} }), 'version', {}, notNumber],
    ['the names in a secret', ({ secrets }) => secrets.kv.v2.readSubkeys({ path: 'a' }), 'subkeys', { metadata }, notObject],
    ['the names in a secret', ({ secrets }) => secrets.kv.v2.readSubkeys({ path: 'a' }), 'metadata', { subkeys: {} }, notObject],
    ['the versions of a secret', ({ secrets }) => secrets.kv.v2.readSecretMetadata({ path: 'a' }), 'versions', {}, notObject],
  ])('is refused by the name of the field: %s, %3$s', async (_, call, field, others, wrong) => {
    for (const value of wrong) {
      await expect(call(engines({ ...others, [field]: value }))).rejects.toMatchObject(invalid(`The answer has no usable ${field}.`));
    }
  });

  it.each<[string, object]>([
    ['no data', { metadata }],
    ['data that is a list', { data: [], metadata }],
    ['no metadata', { data: {} }],
    ['metadata that is text', { data: {}, metadata: 'v1' }],
  ])('is no secret of KV version 2: %s', async (_, data) => {
    const { kv } = engines(data).secrets;
    await expect(kv.v2.readSecret({ path: 'app' })).rejects.toMatchObject(invalid('The answer for app is not a KV version 2 secret.'));
  });

  it.each<[string, Call, Facts, string]>([
    ['has no id, as a page in front of Vault', ({ sys }) => sys.listPolicies(), { requestId: '' }, 'is not in its envelope'],
    ['has no token', ({ auth }) => auth.userpass.login({ username: 'u', password: 'p' }), {}, 'has no token'],
    ['has no facts of a token', ({ auth }) => auth.token.renewSelf(), {}, 'has no facts of a token'],
    ['has no wrapping token', ({ sys }) => sys.rewrap({ token: 't' }), {}, 'has no wrapping token'],
    [
      'has an empty wrapping token',
      ({ sys }) => sys.wrap({ payload: {} }),
      {
        wrapInfo: {
          token: '',
          accessor: 'a',
          ttl: 60,
          creationTime: '',
          creationPath: '',
        },
      },
      'has no wrapping token',
    ],
    ['has an empty token', ({ auth }) => auth.approle.login({ roleId: 'r' }), { auth: { clientToken: '' } as never }, 'has no token'],
  ])('is refused that %s', async (_, call, facts, words) => {
    await expect(call(engines({ keys: [] }, facts))).rejects.toMatchObject(invalid(`The answer ${words}.`));
  });
});

describe('A field that tells no more than it has to', () => {
  it.each<[string, object, object]>([
    [
      'all of it',
      metadata,
      {
        version: 1,
        createdTime: '',
        deletionTime: '',
        destroyed: false,
        customMetadata: null,
      },
    ],
    [
      'other types',
      { version: '3', created_time: 5, deletion_time: null, destroyed: 'yes' },
      {
        version: 0,
        createdTime: '',
        deletionTime: '',
        destroyed: false,
        customMetadata: null,
      },
    ],
    [
      'what the application added',
      {
        ...metadata,
        version: 2,
        destroyed: true,
        custom_metadata: { owner_team: 'a' },
      },
      {
        version: 2,
        createdTime: '',
        deletionTime: '',
        destroyed: true,
        customMetadata: { owner_team: 'a' },
      },
    ],
  ])('is read from the metadata of a version with %s', async (_, told, expected) => {
    const { data } = await engines({
      data: {},
      metadata: told,
    }).secrets.kv.v2.readSecret({ path: 'app' });
    expect({ ...data.metadata }).toEqual(expected);
  });

  it('is read from the capabilities of each path: texts alone, and none of a path that is not told', async () => {
    const { sys } = engines({
      'secret/data/app': ['read', 5, 'list'],
      other_path: 'read',
      capabilities: ['root'],
    });
    expect(
      await sys.getCapabilities({
        paths: ['secret/data/app', 'other_path', 'missing'],
      }),
    ).toEqual({
      'secret/data/app': ['read', 'list'],
      other_path: [],
      missing: [],
    });
  });
});
