import { generateKeyPairSync, sign } from 'node:crypto';
import type { PostgresAccess } from '@keyturn/dev-services';

/** A text of what the calls before answered, by the name of the call and its fields: `tokenCreate.auth.client_token`. */
export type EarlierAnswers = (path: string) => string;

/** One call of a node-vault client, by the name of its method. */
export interface NodeVaultCall {
  readonly method: string;
  readonly arguments: readonly unknown[] | ((earlier: EarlierAnswers) => readonly unknown[]);
  /** Under which later calls find the answer; the method where it is left out. */
  readonly as?: string;
}

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwtKey = publicKey.export({ type: 'spki', format: 'pem' });

function jwtPart(fields: object): string {
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

function signedJwt(): string {
  const head = `${jwtPart({ alg: 'ES256' })}.${jwtPart({ sub: 'pip', aud: 'keyturn', iat: 1_700_000_000, exp: 4_000_000_000 })}`;
  return `${head}.${sign('sha256', Buffer.from(head), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function call(method: string, ...given: readonly unknown[]): NodeVaultCall {
  return { method, arguments: given };
}

function after(method: string, given: (earlier: EarlierAnswers) => unknown, as = method): NodeVaultCall {
  return { method, arguments: (earlier) => [given(earlier)], as };
}

const withToken = (token: string): object => ({ requestOptions: { headers: { 'X-Vault-Token': token } } });
const plain = Buffer.from('keyturn').toString('base64');

const system: readonly NodeVaultCall[] = [
  call('health'),
  call('health', { activecode: 299 }),
  call('status'),
  call('initialized'),
  call('leader'),
  call('init', { secret_shares: 1, secret_threshold: 1 }),
  call('init', {}),
  call('help', 'sys/mounts'),
  call('mounts'),
  call('mount', { mount_point: 'one', type: 'kv', description: 'd', options: { version: '1' } }),
  call('mount', { mount_point: 'one', type: 'kv' }),
  call('mount', { mount_point: 'team/two', type: 'kv', options: { version: '2' } }),
  call('mount', { mount_point: 'transit', type: 'transit' }),
  call('mount', { mount_point: 'pki', type: 'pki' }),
  call('mount', { mount_point: 'database', type: 'database' }),
  call('mount', { mount_point: 'from', type: 'kv' }),
  call('unmount', { mount_point: 'from' }),
  call('mounts'),
  call('policies'),
  call('addPolicy', { name: 'lesser', policy: 'path "one/allowed" { capabilities = ["read"] }' }),
  call('getPolicy', { name: 'lesser' }),
  call('getPolicy', { name: 'none' }),
  call('policies'),
  call('addPolicy', { name: 'gone', rules: 'path "a" { capabilities = ["read"] }' }),
  call('removePolicy', { name: 'gone' }),
  call('addPolicy', { name: 'wrong', policy: 'nonsense' }),
  call('audits'),
  call('enableAudit', { name: 'file', type: 'file', options: { file_path: 'stdout' } }),
  call('disableAudit', { name: 'file' }),
  call('rotate'),
  call('generateRootInit', {}),
  call('generateRootUpdate', { key: 'a2V5', nonce: '00000000-0000-0000-0000-000000000000' }),
  call('generateRootCancel'),
  call('request', { path: '/sys/capabilities-self', method: 'POST', json: { paths: ['one/allowed'] } }),
];

const secrets: readonly NodeVaultCall[] = [
  call('write', 'one/allowed', { a: '1', nested: { b: [1, 'two', null, true] } }),
  call('read', 'one/allowed'),
  call('read', '/one/allowed'),
  call('read', 'one/allowed/'),
  call('read', 'one/none'),
  call('write', 'one/folder/leaf', { toString: 'x', valueOf: 'y' }),
  call('read', 'one/folder/leaf'),
  call('list', 'one'),
  call('list', 'one/'),
  call('list', '/one/folder/'),
  call('list', 'one/none'),
  call('delete', 'one/folder/leaf'),
  call('write', 'team/two/config', { max_versions: 3 }),
  call('write', 'team/two/data/app', { data: { a: '1' } }),
  call('write', 'team/two/data/app', { data: { a: '2' }, options: { cas: 1 } }),
  call('write', 'team/two/data/app', { data: { a: '3' }, options: { cas: 1 } }),
  call('update', 'team/two/data/app', { data: { b: 'merged' } }),
  call('read', 'team/two/data/app'),
  call('read', 'team/two/data/app?version=1'),
  call('read', 'team/two/metadata/app'),
  call('list', 'team/two/metadata/'),
  call('delete', 'team/two/data/app'),
  call('read', 'team/two/data/app'),
  call('destroySecretVersions', { mount_point: 'team/two', path: 'app', versions: [1] }),
  call('read', 'team/two/data/app?version=1'),
  call('destroySecretVersions', { mount_point: 'team/two', path: 'app' }),
  call('read', 'no/such/mount'),
];

const transit: readonly NodeVaultCall[] = [
  call('transitCreateKey', { name: 'key' }),
  call('transitReadKey', { name: 'key' }),
  call('transitReadKey', { name: 'none' }),
  call('transitListKeys'),
  call('encryptData', { name: 'key', plaintext: plain }),
  after('decryptData', (of) => ({ name: 'key', ciphertext: of('encryptData.data.ciphertext') })),
  after('rewrapData', (of) => ({ name: 'key', ciphertext: of('encryptData.data.ciphertext') })),
  after('decryptData', (of) => ({ name: 'key', batch_input: [{ ciphertext: of('encryptData.data.ciphertext') }, { ciphertext: 'bad' }] })),
  call('encryptData', { name: 'key', batch_input: [{ plaintext: plain, reference: 'r' }, { plaintext: 'not base64!' }] }),
  call('transitDeleteKey', { name: 'key' }),
  call('write', 'transit/keys/key/config', { deletion_allowed: true }),
  call('transitDeleteKey', { name: 'key' }),
  call('write', 'pki/root/generate/internal', { common_name: 'root' }),
  call('read', 'pki/ca/pem'),
  call('read', 'pki/cert/ca'),
  call('list', 'pki/certs'),
];

const tokens: readonly NodeVaultCall[] = [
  call('tokenLookupSelf'),
  call('tokenAccessors'),
  call('tokenRoles'),
  call('addTokenRole', { role_name: 'r', allowed_policies: 'lesser', orphan: true }),
  call('getTokenRole', { role_name: 'r' }),
  call('tokenRoles'),
  call('tokenCreate', { policies: ['lesser'], ttl: '1h', display_name: 'd', meta: { a: 'b' }, num_uses: 50 }),
  call('tokenCreateOrphan', { policies: ['lesser'] }),
  call('tokenCreateRole', { role_name: 'r' }),
  call('tokenCreate', { num_uses: 'many' }),
  after('tokenLookup', (of) => ({ token: of('tokenCreateRole.auth.client_token') })),
  after('tokenLookupAccessor', (of) => ({ accessor: of('tokenCreateRole.auth.accessor') })),
  after('tokenRenew', (of) => ({ token: of('tokenCreateRole.auth.client_token'), increment: '2h' })),
  after('tokenLookupSelf', (of) => withToken(of('tokenCreateRole.auth.client_token')), 'lesser'),
  { method: 'read', arguments: (of) => ['one/allowed', { headers: { 'X-Vault-Token': of('tokenCreateRole.auth.client_token') } }] },
  { method: 'read', arguments: (of) => ['team/two/data/app', { headers: { 'X-Vault-Token': of('tokenCreateRole.auth.client_token') } }] },
  after('tokenRenewSelf', (of) => ({ ...withToken(of('tokenCreateRole.auth.client_token')), increment: 60 })),
  after('tokenRevoke', (of) => ({ token: of('tokenCreateRole.auth.client_token') })),
  after('tokenRevokeOrphan', (of) => ({ token: of('tokenCreateOrphan.auth.client_token') })),
  after('tokenLookup', (of) => ({ token: of('tokenCreateRole.auth.client_token') }), 'gone'),
  call('tokenCreate', { policies: ['lesser'] }),
  after('tokenRevokeSelf', (of) => withToken(of('tokenCreate.auth.client_token'))),
  call('tokenCreate', { policies: ['lesser'] }),
  after('tokenRevokeAccessor', (of) => ({ accessor: of('tokenCreate.auth.accessor') })),
  call('removeTokenRole', { role_name: 'r' }),
  { method: 'read', arguments: ['one/allowed', { headers: { 'X-Vault-Wrap-TTL': '60s' } }], as: 'wrapped' },
  after('unwrap', (of) => ({ token: of('wrapped.wrap_info.token') })),
  after('unwrap', (of) => ({ token: of('wrapped.wrap_info.token') })),
];

const appRoles: readonly NodeVaultCall[] = [
  call('auths'),
  call('enableAuth', { mount_point: 'approle', type: 'approle', description: 'd' }),
  call('auths'),
  call('addApproleRole', { role_name: 'app', policies: 'lesser', token_ttl: 3_600 }),
  call('approleRoles'),
  call('getApproleRole', { role_name: 'app' }),
  call('getApproleRole', { role_name: 'none' }),
  call('updateApproleRoleId', { role_name: 'app', role_id: 'app-id' }),
  call('getApproleRoleId', { role_name: 'app' }),
  call('getApproleRoleSecret', { role_name: 'app', metadata: '{"a":"b"}' }),
  call('approleSecretAccessors', { role_name: 'app' }),
  after('approleSecretLookup', (of) => ({ role_name: 'app', secret_id: of('getApproleRoleSecret.data.secret_id') })),
  after('approleSecretAccessorLookup', (of) => ({
    role_name: 'app',
    secret_id_accessor: of('getApproleRoleSecret.data.secret_id_accessor'),
  })),
  after('approleLogin', (of) => ({ role_id: 'app-id', secret_id: of('getApproleRoleSecret.data.secret_id') })),
  call('approleLogin', { role_id: 'app-id', secret_id: 'wrong' }),
  after('approleSecretDestroy', (of) => ({ role_name: 'app', secret_id: of('getApproleRoleSecret.data.secret_id') })),
  after('getApproleRoleSecret', () => ({ role_name: 'app' }), 'another'),
  after('approleSecretAccessorDestroy', (of) => ({
    role_name: 'app',
    secret_id_accessor: of('another.data.secret_id_accessor'),
  })),
  call('deleteApproleRole', { role_name: 'app' }),
];

const logIns: readonly NodeVaultCall[] = [
  ...['userpass', 'jwt', 'kubernetes', 'ldap', 'radius', 'cert'].map((type) => call('enableAuth', { mount_point: type, type })),
  call('write', 'auth/userpass/users/pip', { password: 'pip-password', token_policies: 'lesser' }),
  call('userpassLogin', { username: 'pip', password: 'pip-password' }),
  call('userpassLogin', { username: 'pip', password: 'wrong' }),
  call('userpassLogin', { username: 'pip' }),
  call('write', 'auth/jwt/config', { jwt_validation_pubkeys: [jwtKey] }),
  call('write', 'auth/jwt/role/r', { role_type: 'jwt', user_claim: 'sub', bound_audiences: 'keyturn', policies: 'lesser' }),
  call('jwtLogin', { role: 'r', jwt: signedJwt() }),
  call('jwtLogin', { role: 'none', jwt: 'nonsense' }),
  call('write', 'auth/kubernetes/config', { kubernetes_host: 'https://127.0.0.1:1', disable_local_ca_jwt: true }),
  call('addKubernetesRole', {
    mount_point: 'kubernetes',
    role_name: 'r',
    bound_service_account_names: 'a',
    bound_service_account_namespaces: 'b',
    policies: 'lesser',
  }),
  call('write', 'auth/kubernetes/role/r', {
    bound_service_account_names: 'a',
    bound_service_account_namespaces: 'b',
    policies: 'lesser',
  }),
  call('getKubernetesRole', { mount_point: 'kubernetes', role_name: 'r' }),
  call('deleteKubernetesRole', { mount_point: 'kubernetes', role_name: 'r' }),
  call('kubernetesLogin', { mount_point: 'kubernetes', role: 'r', jwt: 'nonsense' }),
  call('ldapLogin', { username: 'pip', password: 'wrong' }),
  call('radiusLogin', { username: 'pip', password: 'wrong' }),
  call('certLogin'),
  call('githubLogin', { token: 'nonsense' }),
  call('gcpLogin', { role: 'r', jwt: 'nonsense' }),
  call('oktaLogin', { username: 'pip', password: 'wrong' }),
  call('awsIamLogin', {
    role: 'r',
    iam_http_request_method: 'POST',
    iam_request_url: 'dXJs',
    iam_request_body: 'Ym9keQ==',
    iam_request_headers: 'e30=',
  }),
  call('disableAuth', { mount_point: 'radius' }),
  call('auths'),
];

function databaseCalls({ host, port, database, user, password }: PostgresAccess): readonly NodeVaultCall[] {
  return [
    call('write', 'database/config/main', {
      plugin_name: 'postgresql-database-plugin',
      allowed_roles: '*',
      connection_url: `postgresql://{{username}}:{{password}}@${host}:${port}/${database}?sslmode=prefer`,
      username: user,
      password,
    }),
    call('write', 'database/roles/r', {
      db_name: 'main',
      creation_statements: `CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'`,
      default_ttl: '1h',
    }),
    call('generateDatabaseCredentials', { databasePath: 'database', name: 'r' }),
    call('generateDatabaseCredentials', { databasePath: 'database', name: 'none' }),
    after('renew', (of) => ({ lease_id: of('generateDatabaseCredentials.lease_id'), increment: 600 })),
    after('revoke', (of) => ({ lease_id: of('generateDatabaseCredentials.lease_id') })),
    call('renew', { lease_id: 'database/creds/r/none' }),
    call('renew', {}),
    call('revokePrefix', { path_prefix: 'database/creds/r' }),
  ];
}

/** The last ones: the server is sealed after them. */
const sealed: readonly NodeVaultCall[] = [
  call('remount', { from: 'one', to: 'moved' }),
  call('seal'),
  call('stepDown'),
  call('status'),
  call('initialized'),
  call('health'),
  call('leader'),
  call('unseal', { reset: true }),
  call('unseal', { key: '00' }),
  call('read', 'one/allowed'),
];

/**
 * Calls of every command and every method, in an order in which they can be made on an empty server, right ones and wrong ones.
 * @param postgres the log-in that the database engine uses
 */
export function nodeVaultCalls(postgres: PostgresAccess): readonly NodeVaultCall[] {
  return [...system, ...secrets, ...transit, ...tokens, ...appRoles, ...logIns, ...databaseCalls(postgres), ...sealed];
}
