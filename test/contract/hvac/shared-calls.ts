/** A call in our words; hvac's are the same in snake_case. `$mount` stands for a place of its own on each side. */
export interface SharedCall {
  readonly method: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** What hvac has to be told besides, in its own words. */
  readonly hvacOptions?: Readonly<Record<string, unknown>>;
}

const kv = { mountPoint: '$mount-kv' };
const v1 = { mountPoint: '$mount-kv1' };
const pki = { mountPoint: '$mount-pki' };
const approle = { mountPoint: '$mount-approle' };
const roles = { allowedDomains: ['academy.local'], allowSubdomains: true, keyType: 'ec', maxTtl: '72h' };

/** The calls that both clients make, in this order. */
export const sharedCalls: readonly SharedCall[] = [
  { method: 'sys.enableSecretsEngine', options: { backendType: 'kv', path: '$mount-kv', options: { version: '2' } } },
  { method: 'sys.enableSecretsEngine', options: { backendType: 'kv', path: '$mount-kv1', options: { version: '1' } } },
  { method: 'sys.enableSecretsEngine', options: { backendType: 'pki', path: '$mount-pki' } },
  { method: 'sys.enableAuthMethod', options: { methodType: 'approle', path: '$mount-approle' } },
  { method: 'secrets.kv.v2.configure', options: { maxVersions: 4, casRequired: false, ...kv } },
  { method: 'secrets.kv.v2.readConfiguration', options: kv },
  { method: 'secrets.kv.v2.createOrUpdateSecret', options: { path: 'a/b', secret: { user_name: 'pip', n: 1 }, ...kv } },
  { method: 'secrets.kv.v2.createOrUpdateSecret', options: { path: 'a/b', secret: { user_name: 'alistair' }, cas: 1, ...kv } },
  { method: 'secrets.kv.v2.readSecretVersion', options: { path: 'a/b', ...kv } },
  { method: 'secrets.kv.v2.readSecretVersion', options: { path: 'a/b', version: 1, ...kv } },
  { method: 'secrets.kv.v2.updateMetadata', options: { path: 'a/b', maxVersions: 3, customMetadata: { owner_team: 'x' }, ...kv } },
  { method: 'secrets.kv.v2.readSecretMetadata', options: { path: 'a/b', ...kv } },
  { method: 'secrets.kv.v2.listSecrets', options: { path: 'a', ...kv } },
  { method: 'secrets.kv.v2.deleteSecretVersions', options: { path: 'a/b', versions: [1], ...kv } },
  { method: 'secrets.kv.v2.undeleteSecretVersions', options: { path: 'a/b', versions: [1], ...kv } },
  { method: 'secrets.kv.v2.destroySecretVersions', options: { path: 'a/b', versions: [1], ...kv } },
  { method: 'secrets.kv.v2.readSecretMetadata', options: { path: 'a/b', ...kv } },
  { method: 'secrets.kv.v2.deleteMetadataAndAllVersions', options: { path: 'a/b', ...kv } },
  { method: 'secrets.kv.v1.createOrUpdateSecret', options: { path: 'a', secret: { b: 'c' }, ...v1 } },
  { method: 'secrets.kv.v1.readSecret', options: { path: 'a', ...v1 } },
  { method: 'secrets.kv.v1.listSecrets', options: { path: '', ...v1 } },
  { method: 'secrets.kv.v1.deleteSecret', options: { path: 'a', ...v1 } },
  { method: 'secrets.pki.generateRoot', options: { type: 'internal', commonName: 'Shared root', extraParams: { keyType: 'ec' }, ...pki } },
  { method: 'secrets.pki.createOrUpdateRole', options: { name: 'apprentice-role', extraParams: roles, ...pki } },
  { method: 'secrets.pki.readRole', options: { name: 'apprentice-role', ...pki } },
  { method: 'secrets.pki.generateCertificate', options: { name: 'apprentice-role', commonName: 'pip.academy.local', ...pki } },
  { method: 'secrets.pki.readCertificate', options: { serial: 'ca', ...pki } },
  { method: 'auth.approle.createOrUpdateApprole', options: { roleName: 'app', tokenPolicies: ['default'], tokenTtl: '60s', ...approle } },
  { method: 'auth.approle.readRole', options: { roleName: 'app', ...approle } },
  { method: 'auth.approle.generateSecretId', options: { roleName: 'app', metadata: { node: 'a' }, ...approle } },
  { method: 'auth.approle.listSecretIdAccessors', options: { roleName: 'app', ...approle } },
  { method: 'auth.token.lookupSelf', options: {} },
  { method: 'auth.token.create', options: { policies: ['default'], ttl: '60s', displayName: 'shared' } },
  { method: 'sys.createOrUpdatePolicy', options: { name: '$mount-policy', policy: 'path "secret/*" { capabilities = ["read"] }' } },
  { method: 'sys.readMountConfiguration', options: { path: '$mount-kv' } },
  // hvac asks with HEAD unless it is told otherwise, and then has no body.
  { method: 'sys.readHealthStatus', options: {}, hvacOptions: { method: 'GET' } },
  { method: 'sys.readSealStatus', options: {} },
];
