import { describe, expect, it } from 'vitest';
import { RecordedServer, type Reply } from '../api/recorded-server.fixture.js';
import { appRolesOf, provision } from './provision.js';
import type { AppRoleDefinition, Provisioning } from './provisioning.js';

const access = { host: '127.0.0.1', port: 5432, database: 'my app', user: 'keyturn_vault', password: 'a-password' };

async function provisioned(wanted: Provisioning, reply: Reply = () => undefined, postgres = access): Promise<RecordedServer> {
  const server = await RecordedServer.start((request) => reply(request) ?? [200, { data: {} }]);
  await provision(server.api(), wanted, postgres);
  return server;
}

/** A server that has been provisioned before. */
const provisionedBefore: Reply = ({ call }) => {
  if (call === 'GET sys/mounts') return [200, { data: { 'secret/': {}, 'pki/': {}, 'database/': {} } }];
  if (call === 'GET sys/auth') return [200, { data: { 'approle/': {} } }];
  return call === 'GET pki/cert/ca' ? [200, { data: { certificate: 'PEM' } }] : undefined;
};

describe('Provisioning', () => {
  it('sends nothing where nothing is described', async () => {
    await using server = await provisioned({});
    expect(server.calls).toEqual([]);
  });

  it('makes policies before the roles that name them, and engines before what they hold', async () => {
    await using server = await provisioned({
      pki: {},
      database: {},
      kv: { app: { a: '1' } },
      approle: true,
      policies: { readers: 'path "a" {}' },
      mounts: { transit: { type: 'transit' } },
    });
    const made = server.calls.filter((call) => !call.startsWith('GET'));
    expect(made).toEqual([
      'POST sys/mounts/transit',
      'PUT sys/policies/acl/readers',
      'POST sys/auth/approle',
      'PUT sys/policies/acl/keyturn-application',
      'POST auth/approle/role/app',
      'POST sys/mounts/secret',
      'POST secret/data/app',
      'POST sys/mounts/pki',
      'POST pki/root/generate/internal',
      'POST sys/mounts/database',
      'POST database/config/postgres',
    ]);
  });

  it('keeps what is there already when it is applied again', async () => {
    await using server = await provisioned({ pki: {}, database: {}, kv: {}, approle: true }, provisionedBefore);
    expect(server.calls.filter((call) => /sys\/mounts\/|sys\/auth\/|root\/generate/.test(call))).toEqual([]);
    expect(server.calls).toContain('POST database/config/postgres');
  });

  it('is not misled by a mount whose name begins alike', async () => {
    await using server = await provisioned({ kv: {} }, ({ call }) =>
      call === 'GET sys/mounts' ? [200, { data: { 'secret-of-others/': {}, secret: {} } }] : undefined,
    );
    expect(server.bodyOf('POST sys/mounts/secret')).toEqual({ type: 'kv', options: { version: '2' } });
  });
});

describe('A key-value engine', () => {
  it('of version 2 is written to once it has upgraded itself', async () => {
    let asked = 0;
    await using server = await provisioned({ kv: { app: { a: '1' } } }, ({ call }) => {
      if (call !== 'GET secret/config') return undefined;
      asked += 1;
      return asked < 3 ? [400, { errors: ['Upgrading from non-versioned to versioned data'] }] : [200, { data: {} }];
    });
    expect(server.calls.slice(-4)).toEqual(['GET secret/config', 'GET secret/config', 'GET secret/config', 'POST secret/data/app']);
    expect(server.bodyOf('POST secret/data/app')).toEqual({ data: { a: '1' } });
  });

  it('of version 1 takes the secret as it is, and is not waited for', async () => {
    await using server = await provisioned({ kvMounts: { old: { version: 1, secrets: { app: { a: '1' } } } } });
    expect(server.calls).toEqual(['GET sys/mounts', 'POST sys/mounts/old', 'POST old/app']);
    expect(server.bodyOf('POST old/app')).toEqual({ a: '1' });
  });
});

describe('An AppRole', () => {
  it.each<[Provisioning['approle'], object | undefined]>([
    [true, { app: {} }],
    [false, undefined],
    [undefined, undefined],
    [{ short: { token_ttl: '4s' } }, { short: { token_ttl: '4s' } }],
  ])('is asked for with %j', (wanted, roles) => expect(appRolesOf(wanted)).toEqual(roles));

  it.each<[string, AppRoleDefinition, object]>([
    ['gets the policy of an application', {}, { token_policies: ['keyturn-application'] }],
    ['keeps its own policies', { token_policies: ['mine'], token_ttl: '4s' }, { token_policies: ['mine'], token_ttl: '4s' }],
  ])('%s', async (_, role, sent) => {
    await using server = await provisioned({ approle: { worker: role } });
    expect(server.bodyOf('POST auth/approle/role/worker')).toEqual(sent);
  });
});

describe('The database engine', () => {
  it.each([
    ['without TLS', access, 'postgresql://{{username}}:{{password}}@127.0.0.1:5432/my%20app?sslmode=disable'],
    [
      'with TLS, the server’s name checked',
      { ...access, caFile: '/s/my ca.pem' },
      'postgresql://{{username}}:{{password}}@127.0.0.1:5432/my%20app?sslmode=verify-full&sslrootcert=%2Fs%2Fmy%20ca.pem',
    ],
  ])('is connected %s, and has no password in its URL', async (_, postgres, url) => {
    await using server = await provisioned({ database: {} }, undefined, postgres);
    expect(server.bodyOf('POST database/config/postgres')).toMatchObject({
      connection_url: url,
      username: 'keyturn_vault',
      password: 'a-password',
    });
  });

  it('gives its roles the connection that they are for', async () => {
    await using server = await provisioned({
      database: {
        mount: 'db',
        connection: 'main',
        dynamicRoles: { reader: { creation_statements: ['CREATE ROLE x'] } },
        staticRoles: { fixed: { username: 'u', rotation_period: '1h' } },
      },
    });
    expect(server.bodyOf('POST db/roles/reader')).toEqual({ db_name: 'main', creation_statements: ['CREATE ROLE x'] });
    expect(server.bodyOf('POST db/static-roles/fixed')).toEqual({ db_name: 'main', username: 'u', rotation_period: '1h' });
  });

  it('is refused by name without a PostgreSQL, after all that needs none', async () => {
    await using server = await RecordedServer.start(() => [200, { data: {} }]);
    await expect(provision(server.api(), { policies: { a: '' }, database: {} })).rejects.toMatchObject({
      code: 'DEV_SERVICES_OPTIONS_INVALID',
      option: 'openbao.database',
    });
    expect(server.calls).toEqual(['PUT sys/policies/acl/a']);
  });
});

describe('The PKI engine', () => {
  it('has a root of its own that lives as long as what it may sign', async () => {
    await using server = await provisioned({ pki: { mount: 'ca', maxTtl: '10h', commonName: 'Mine', roles: { web: { max_ttl: '1h' } } } });
    expect(server.bodyOf('POST sys/mounts/ca')).toEqual({ type: 'pki', config: { max_lease_ttl: '10h' } });
    expect(server.bodyOf('POST ca/root/generate/internal')).toEqual({ common_name: 'Mine', ttl: '10h', key_type: 'ec' });
    expect(server.bodyOf('POST ca/roles/web')).toEqual({ max_ttl: '1h' });
  });
});
