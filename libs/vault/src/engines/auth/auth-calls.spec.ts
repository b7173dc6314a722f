import { describe, expect, it } from 'vitest';
import { callOptions, sentBy, type EngineCallRow } from '../engine-calls.fixture.js';

const at = { ...callOptions, mountPoint: 'ours' } as const;

describe('What the methods for tokens send', () => {
  it.each<EngineCallRow>([
    [
      'create',
      ({ auth }) => auth.token.create({ ...at, ttl: '1h', numUses: 2 }),
      'POST auth/ours/create, once',
      { ttl: '1h', num_uses: 2 },
    ],
    ['create by a role', ({ auth }) => auth.token.create({ ...at, roleName: 'r' }), 'POST auth/ours/create/r, once', {}],
    [
      'createOrphan',
      ({ auth }) => auth.token.createOrphan({ ...at, noDefaultPolicy: true }),
      'POST auth/ours/create-orphan, once',
      { no_default_policy: true },
    ],
    ['listAccessors', ({ auth }) => auth.token.listAccessors(at), 'LIST auth/ours/accessors'],
    ['lookup', ({ auth }) => auth.token.lookup({ ...at, token: 't' }), 'POST auth/ours/lookup', { token: 't' }],
    ['lookupSelf', ({ auth }) => auth.token.lookupSelf(at), 'GET auth/ours/lookup-self'],
    [
      'lookupAccessor',
      ({ auth }) => auth.token.lookupAccessor({ ...at, accessor: 'a' }),
      'POST auth/ours/lookup-accessor',
      { accessor: 'a' },
    ],
    [
      'renew',
      ({ auth }) => auth.token.renew({ ...at, token: 't', increment: '1h' }),
      'POST auth/ours/renew',
      { token: 't', increment: '1h' },
    ],
    ['renewSelf', ({ auth }) => auth.token.renewSelf(at), 'POST auth/ours/renew-self', {}],
    ['renewAccessor', ({ auth }) => auth.token.renewAccessor({ ...at, accessor: 'a' }), 'POST auth/ours/renew-accessor', { accessor: 'a' }],
    ['revoke', ({ auth }) => auth.token.revoke({ ...at, token: 't' }), 'POST auth/ours/revoke', { token: 't' }],
    ['revokeSelf', ({ auth }) => auth.token.revokeSelf(at), 'POST auth/ours/revoke-self, once', {}],
    [
      'revokeAccessor',
      ({ auth }) => auth.token.revokeAccessor({ ...at, accessor: 'a' }),
      'POST auth/ours/revoke-accessor',
      { accessor: 'a' },
    ],
    [
      'revokeAndOrphanChildren',
      ({ auth }) => auth.token.revokeAndOrphanChildren({ ...at, token: 't' }),
      'POST auth/ours/revoke-orphan',
      { token: 't' },
    ],
    [
      'createOrUpdateRole',
      ({ auth }) => auth.token.createOrUpdateRole({ ...at, roleName: 'r', pathSuffix: 's' }),
      'POST auth/ours/roles/r',
      { path_suffix: 's' },
    ],
    ['readRole', ({ auth }) => auth.token.readRole({ ...at, roleName: 'r' }), 'GET auth/ours/roles/r'],
    ['listRoles', ({ auth }) => auth.token.listRoles(at), 'LIST auth/ours/roles'],
    ['deleteRole', ({ auth }) => auth.token.deleteRole({ ...at, roleName: 'r' }), 'DELETE auth/ours/roles/r'],
    ['tidy', ({ auth }) => auth.token.tidy(at), 'POST auth/ours/tidy', {}],
  ])('%s', async (_, call, line, body) => expect(await sentBy(call)).toEqual([{ ...callOptions, line, body }]));
});

describe('What the methods for AppRole send', () => {
  const role = { ...at, roleName: 'r' } as const;

  it.each<EngineCallRow>([
    [
      'login',
      ({ auth }) => auth.approle.login({ ...at, roleId: 'i', secretId: 's' }),
      'POST auth/ours/login, once, without a token',
      { role_id: 'i', secret_id: 's' },
    ],
    [
      'login without a secret id',
      ({ auth }) => auth.approle.login({ ...at, roleId: 'i' }),
      'POST auth/ours/login, once, without a token',
      { role_id: 'i' },
    ],
    [
      'createOrUpdateApprole',
      ({ auth }) => auth.approle.createOrUpdateApprole({ ...role, tokenTtl: '1h', bindSecretId: false }),
      'POST auth/ours/role/r',
      { token_ttl: '1h', bind_secret_id: false },
    ],
    ['listRoles', ({ auth }) => auth.approle.listRoles(at), 'LIST auth/ours/role'],
    ['readRole', ({ auth }) => auth.approle.readRole(role), 'GET auth/ours/role/r'],
    ['deleteRole', ({ auth }) => auth.approle.deleteRole(role), 'DELETE auth/ours/role/r'],
    ['readRoleId', ({ auth }) => auth.approle.readRoleId(role), 'GET auth/ours/role/r/role-id'],
    ['updateRoleId', ({ auth }) => auth.approle.updateRoleId({ ...role, roleId: 'i' }), 'POST auth/ours/role/r/role-id', { role_id: 'i' }],
    [
      'generateSecretId, whose metadata is JSON in a text',
      ({ auth }) => auth.approle.generateSecretId({ ...role, metadata: { a: '1' }, cidrList: ['10.0.0.0/8'] }),
      'POST auth/ours/role/r/secret-id, once',
      { metadata: '{"a":"1"}', cidr_list: ['10.0.0.0/8'] },
    ],
    [
      'createCustomSecretId',
      ({ auth }) => auth.approle.createCustomSecretId({ ...role, secretId: 's' }),
      'POST auth/ours/role/r/custom-secret-id, once',
      { secret_id: 's' },
    ],
    [
      'readSecretId',
      ({ auth }) => auth.approle.readSecretId({ ...role, secretId: 's' }),
      'POST auth/ours/role/r/secret-id/lookup',
      { secret_id: 's' },
    ],
    [
      'destroySecretId',
      ({ auth }) => auth.approle.destroySecretId({ ...role, secretId: 's' }),
      'POST auth/ours/role/r/secret-id/destroy',
      { secret_id: 's' },
    ],
    ['listSecretIdAccessors', ({ auth }) => auth.approle.listSecretIdAccessors(role), 'LIST auth/ours/role/r/secret-id'],
    [
      'readSecretIdAccessor',
      ({ auth }) => auth.approle.readSecretIdAccessor({ ...role, secretIdAccessor: 'a' }),
      'POST auth/ours/role/r/secret-id-accessor/lookup',
      { secret_id_accessor: 'a' },
    ],
    [
      'destroySecretIdAccessor',
      ({ auth }) => auth.approle.destroySecretIdAccessor({ ...role, secretIdAccessor: 'a' }),
      'POST auth/ours/role/r/secret-id-accessor/destroy',
      { secret_id_accessor: 'a' },
    ],
  ])('%s', async (_, call, line, body) => expect(await sentBy(call)).toEqual([{ ...callOptions, line, body }]));
});

describe('What the methods for user names and passwords send', () => {
  const user = { ...at, username: 'pip' } as const;

  it.each<EngineCallRow>([
    [
      'login',
      ({ auth }) => auth.userpass.login({ ...user, password: 'p' }),
      'POST auth/ours/login/pip, once, without a token',
      { password: 'p' },
    ],
    [
      'createOrUpdateUser',
      ({ auth }) => auth.userpass.createOrUpdateUser({ ...user, policies: ['a'], extraParams: { tokenTtl: '1h' } }),
      'POST auth/ours/users/pip',
      { policies: ['a'], token_ttl: '1h' },
    ],
    [
      'updatePasswordOnUser',
      ({ auth }) => auth.userpass.updatePasswordOnUser({ ...user, password: 'p' }),
      'POST auth/ours/users/pip/password',
      { password: 'p' },
    ],
    ['listUser', ({ auth }) => auth.userpass.listUser(at), 'LIST auth/ours/users'],
    ['readUser', ({ auth }) => auth.userpass.readUser(user), 'GET auth/ours/users/pip'],
    ['deleteUser', ({ auth }) => auth.userpass.deleteUser(user), 'DELETE auth/ours/users/pip'],
  ])('%s', async (_, call, line, body) => expect(await sentBy(call)).toEqual([{ ...callOptions, line, body }]));
});
