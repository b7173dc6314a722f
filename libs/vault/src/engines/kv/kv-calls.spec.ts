import { describe, expect, it } from 'vitest';
import { callOptions, sentBy, type EngineCallRow } from '../engine-calls.fixture.js';

const at = { ...callOptions, mountPoint: 'ours/' } as const;
const secret = { ...at, path: 'team/app' } as const;
const versions = { ...secret, versions: [1, 2] } as const;

describe('What the methods of KV version 2 send', () => {
  it.each<EngineCallRow>([
    [
      'configure',
      ({ secrets: { kv } }) => kv.v2.configure({ ...at, maxVersions: 5, casRequired: true }),
      'POST ours/config',
      { max_versions: 5, cas_required: true },
    ],
    ['readConfiguration', ({ secrets: { kv } }) => kv.v2.readConfiguration(at), 'GET ours/config'],
    ['readSecret', ({ secrets: { kv } }) => kv.v2.readSecret(secret), 'GET ours/data/team/app'],
    ['readSecretVersion', ({ secrets: { kv } }) => kv.v2.readSecretVersion({ ...secret, version: 3 }), 'GET ours/data/team/app?version=3'],
    [
      'readSubkeys',
      ({ secrets: { kv } }) => kv.v2.readSubkeys({ ...secret, version: 3, depth: 0 }),
      'GET ours/subkeys/team/app?version=3&depth=0',
    ],
    [
      'createOrUpdateSecret',
      ({ secrets: { kv } }) => kv.v2.createOrUpdateSecret({ ...secret, secret: { camelCase: 1 } }),
      'POST ours/data/team/app, once',
      { data: { camelCase: 1 } },
    ],
    [
      'createOrUpdateSecret, if there is none',
      ({ secrets: { kv } }) => kv.v2.createOrUpdateSecret({ ...secret, secret: {}, cas: 0 }),
      'POST ours/data/team/app, once',
      { data: {}, options: { cas: 0 } },
    ],
    [
      'patch',
      ({ secrets: { kv } }) => kv.v2.patch({ ...secret, secret: { gone: null }, cas: 2 }),
      'PATCH ours/data/team/app, once',
      { data: { gone: null }, options: { cas: 2 } },
    ],
    ['deleteLatestVersionOfSecret', ({ secrets: { kv } }) => kv.v2.deleteLatestVersionOfSecret(secret), 'DELETE ours/data/team/app, once'],
    [
      'deleteSecretVersions',
      ({ secrets: { kv } }) => kv.v2.deleteSecretVersions(versions),
      'POST ours/delete/team/app',
      { versions: [1, 2] },
    ],
    [
      'undeleteSecretVersions',
      ({ secrets: { kv } }) => kv.v2.undeleteSecretVersions(versions),
      'POST ours/undelete/team/app',
      { versions: [1, 2] },
    ],
    [
      'destroySecretVersions',
      ({ secrets: { kv } }) => kv.v2.destroySecretVersions(versions),
      'POST ours/destroy/team/app',
      { versions: [1, 2] },
    ],
    [
      'listSecrets',
      ({ secrets: { kv } }) => kv.v2.listSecrets({ ...at, path: 'team/', after: 'a', limit: 2 }),
      'LIST ours/metadata/team?after=a&limit=2',
    ],
    ['readSecretMetadata', ({ secrets: { kv } }) => kv.v2.readSecretMetadata(secret), 'GET ours/metadata/team/app'],
    [
      'updateMetadata',
      ({ secrets: { kv } }) => kv.v2.updateMetadata({ ...secret, customMetadata: { ownerTeam: 'a' } }),
      'POST ours/metadata/team/app',
      { custom_metadata: { ownerTeam: 'a' } },
    ],
    ['deleteMetadataAndAllVersions', ({ secrets: { kv } }) => kv.v2.deleteMetadataAndAllVersions(secret), 'DELETE ours/metadata/team/app'],
  ])('%s', async (_, call, line, body) => expect(await sentBy(call)).toEqual([{ ...callOptions, line, body }]));
});

describe('What the methods of KV version 1 send', () => {
  it.each<EngineCallRow>([
    ['readSecret', ({ secrets: { kv } }) => kv.v1.readSecret(secret), 'GET ours/team/app'],
    ['listSecrets', ({ secrets: { kv } }) => kv.v1.listSecrets({ ...at, path: 'team/' }), 'LIST ours/team'],
    [
      'createOrUpdateSecret',
      ({ secrets: { kv } }) => kv.v1.createOrUpdateSecret({ ...secret, secret: { camelCase: 1 } }),
      'POST ours/team/app',
      { camelCase: 1 },
    ],
    ['deleteSecret', ({ secrets: { kv } }) => kv.v1.deleteSecret(secret), 'DELETE ours/team/app'],
  ])('%s', async (_, call, line, body) => expect(await sentBy(call)).toEqual([{ ...callOptions, line, body }]));
});
