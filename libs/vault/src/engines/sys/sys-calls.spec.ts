import { describe, expect, it } from 'vitest';
import { callOptions as at, sentBy, type EngineCallRow } from '../engine-calls.fixture.js';

describe('What the methods for the state of the server send', () => {
  it.each<EngineCallRow>([
    ['readHealthStatus', ({ sys }) => sys.readHealthStatus(at), 'GET sys/health, without a token'],
    ['readInitStatus', ({ sys }) => sys.readInitStatus(at), 'GET sys/init, without a token'],
    ['isInitialized', ({ sys }) => sys.isInitialized(at), 'GET sys/init, without a token'],
    [
      'initialize',
      ({ sys }) => sys.initialize({ ...at, secretShares: 5, secretThreshold: 3 }),
      'POST sys/init, once, without a token',
      { secret_shares: 5, secret_threshold: 3 },
    ],
    ['readSealStatus', ({ sys }) => sys.readSealStatus(at), 'GET sys/seal-status, without a token'],
    ['isSealed', ({ sys }) => sys.isSealed(at), 'GET sys/seal-status, without a token'],
    ['seal', ({ sys }) => sys.seal(at), 'POST sys/seal', {}],
    ['submitUnsealKey', ({ sys }) => sys.submitUnsealKey({ ...at, key: 'k' }), 'POST sys/unseal, without a token', { key: 'k' }],
    ['readLeaderStatus', ({ sys }) => sys.readLeaderStatus(at), 'GET sys/leader, without a token'],
    ['stepDown', ({ sys }) => sys.stepDown(at), 'POST sys/step-down, once', {}],
  ])('%s', async (_, call, line, body) => expect(await sentBy(call)).toEqual([{ ...at, line, body }]));
});

describe('What the methods for leases send', () => {
  it.each<EngineCallRow>([
    ['readLease', ({ sys }) => sys.readLease({ ...at, leaseId: 'a/b' }), 'PUT sys/leases/lookup', { lease_id: 'a/b' }],
    ['listLeases', ({ sys }) => sys.listLeases({ ...at, prefix: 'database/creds/app/' }), 'LIST sys/leases/lookup/database/creds/app'],
    [
      'renewLease',
      ({ sys }) => sys.renewLease({ ...at, leaseId: 'a/b', increment: 5 }),
      'PUT sys/leases/renew',
      { lease_id: 'a/b', increment: 5 },
    ],
    ['revokeLease', ({ sys }) => sys.revokeLease({ ...at, leaseId: 'a/b' }), 'PUT sys/leases/revoke', { lease_id: 'a/b' }],
    [
      'revokePrefix',
      ({ sys }) => sys.revokePrefix({ ...at, prefix: 'database/creds/' }),
      'PUT sys/leases/revoke-prefix/database/creds',
      {},
    ],
    ['revokeForce', ({ sys }) => sys.revokeForce({ ...at, prefix: 'database' }), 'PUT sys/leases/revoke-force/database', {}],
  ])('%s', async (_, call, line, body) => expect(await sentBy(call)).toEqual([{ ...at, line, body }]));
});

describe('What the methods for mounts and namespaces send', () => {
  it.each<EngineCallRow>([
    ['listMountedSecretsEngines', ({ sys }) => sys.listMountedSecretsEngines(at), 'GET sys/mounts'],
    [
      'enableSecretsEngine, at the path of its type',
      ({ sys }) => sys.enableSecretsEngine({ ...at, backendType: 'kv', options: { version: '2' } }),
      'POST sys/mounts/kv, once',
      { type: 'kv', options: { version: '2' } },
    ],
    [
      'enableSecretsEngine, at a path of its own',
      ({ sys }) => sys.enableSecretsEngine({ ...at, backendType: 'kv', path: 'team/kv/', config: { maxLeaseTtl: '1h' } }),
      'POST sys/mounts/team/kv, once',
      { type: 'kv', config: { max_lease_ttl: '1h' } },
    ],
    ['disableSecretsEngine', ({ sys }) => sys.disableSecretsEngine({ ...at, path: 'kv/' }), 'DELETE sys/mounts/kv'],
    ['readMountConfiguration', ({ sys }) => sys.readMountConfiguration({ ...at, path: 'kv' }), 'GET sys/mounts/kv/tune'],
    [
      'tuneMountConfiguration',
      ({ sys }) => sys.tuneMountConfiguration({ ...at, path: 'kv', maxLeaseTtl: '1h' }),
      'POST sys/mounts/kv/tune',
      { max_lease_ttl: '1h' },
    ],
    ['moveBackend', ({ sys }) => sys.moveBackend({ ...at, fromPath: 'a', toPath: 'b' }), 'POST sys/remount, once', { from: 'a', to: 'b' }],
    ['listAuthMethods', ({ sys }) => sys.listAuthMethods(at), 'GET sys/auth'],
    [
      'enableAuthMethod',
      ({ sys }) => sys.enableAuthMethod({ ...at, methodType: 'approle', path: 'ours' }),
      'POST sys/auth/ours, once',
      { type: 'approle' },
    ],
    ['disableAuthMethod', ({ sys }) => sys.disableAuthMethod({ ...at, path: 'ours' }), 'DELETE sys/auth/ours'],
    ['readAuthMethodTuning', ({ sys }) => sys.readAuthMethodTuning({ ...at, path: 'ours' }), 'GET sys/auth/ours/tune'],
    [
      'tuneAuthMethod',
      ({ sys }) => sys.tuneAuthMethod({ ...at, path: 'ours', listingVisibility: 'unauth' }),
      'POST sys/auth/ours/tune',
      { listing_visibility: 'unauth' },
    ],
    ['createNamespace', ({ sys }) => sys.createNamespace({ ...at, path: 'team' }), 'POST sys/namespaces/team, once', {}],
    ['listNamespaces', ({ sys }) => sys.listNamespaces(at), 'LIST sys/namespaces'],
    ['deleteNamespace', ({ sys }) => sys.deleteNamespace({ ...at, path: 'team/' }), 'DELETE sys/namespaces/team'],
  ])('%s', async (_, call, line, body) => expect(await sentBy(call)).toEqual([{ ...at, line, body }]));
});

describe('What the methods for policies, wrapping and audit send', () => {
  it.each<EngineCallRow>([
    ['listPolicies', ({ sys }) => sys.listPolicies(at), 'LIST sys/policies/acl'],
    ['readPolicy', ({ sys }) => sys.readPolicy({ ...at, name: 'p' }), 'GET sys/policies/acl/p'],
    [
      'createOrUpdatePolicy',
      ({ sys }) => sys.createOrUpdatePolicy({ ...at, name: 'p', policy: 'path "a" {}' }),
      'POST sys/policies/acl/p',
      { policy: 'path "a" {}' },
    ],
    [
      'createOrUpdatePolicy, with an object as JSON',
      ({ sys }) => sys.createOrUpdatePolicy({ ...at, name: 'p', policy: { path: {} } }),
      'POST sys/policies/acl/p',
      { policy: '{"path":{}}' },
    ],
    ['deletePolicy', ({ sys }) => sys.deletePolicy({ ...at, name: 'p' }), 'DELETE sys/policies/acl/p'],
    [
      'getCapabilities of the session',
      ({ sys }) => sys.getCapabilities({ ...at, paths: ['a'] }),
      'POST sys/capabilities-self',
      { paths: ['a'] },
    ],
    [
      'getCapabilities of a token',
      ({ sys }) => sys.getCapabilities({ ...at, paths: ['a'], token: 't' }),
      'POST sys/capabilities',
      { paths: ['a'], token: 't' },
    ],
    [
      'getCapabilities of an accessor',
      ({ sys }) => sys.getCapabilities({ ...at, paths: ['a'], accessor: 'x' }),
      'POST sys/capabilities-accessor',
      { paths: ['a'], accessor: 'x' },
    ],
    [
      'wrap',
      ({ sys }) => sys.wrap({ ...at, payload: { ttl: 'mine', token: 'mine' } }),
      'POST sys/wrapping/wrap, once',
      { ttl: 'mine', token: 'mine' },
    ],
    ['unwrap', ({ sys }) => sys.unwrap({ ...at, token: 't' }), 'POST sys/wrapping/unwrap, once', { token: 't' }],
    ['lookupWrapping', ({ sys }) => sys.lookupWrapping({ ...at, token: 't' }), 'POST sys/wrapping/lookup', { token: 't' }],
    ['rewrap', ({ sys }) => sys.rewrap({ ...at, token: 't' }), 'POST sys/wrapping/rewrap, once', { token: 't' }],
    ['listEnabledAuditDevices', ({ sys }) => sys.listEnabledAuditDevices(at), 'GET sys/audit'],
    [
      'enableAuditDevice',
      ({ sys }) => sys.enableAuditDevice({ ...at, deviceType: 'file', options: { file_path: 'a' } }),
      'POST sys/audit/file, once',
      { type: 'file', options: { file_path: 'a' } },
    ],
    ['disableAuditDevice', ({ sys }) => sys.disableAuditDevice({ ...at, path: 'file/' }), 'DELETE sys/audit/file'],
    [
      'calculateHash',
      ({ sys }) => sys.calculateHash({ ...at, path: 'file', inputToHash: 'a' }),
      'POST sys/audit-hash/file',
      { input: 'a' },
    ],
  ])('%s', async (_, call, line, body) => expect(await sentBy(call)).toEqual([{ ...at, line, body }]));
});
