import { describe, expect, it } from 'vitest';
import { callOptions, sentBy, type EngineCallRow } from '../engine-calls.fixture.js';

const at = { ...callOptions, mountPoint: 'ours' } as const;
const named = { ...at, name: 'n' } as const;

describe('What the methods of the database engine send', () => {
  it.each<EngineCallRow>([
    [
      'configure',
      ({ secrets }) => secrets.database.configure({ ...named, pluginName: 'pg', extraParams: { connectionUrl: 'u' } }),
      'POST ours/config/n',
      { plugin_name: 'pg', connection_url: 'u' },
    ],
    ['readConnection', ({ secrets }) => secrets.database.readConnection(named), 'GET ours/config/n'],
    ['listConnections', ({ secrets }) => secrets.database.listConnections(at), 'LIST ours/config'],
    ['deleteConnection', ({ secrets }) => secrets.database.deleteConnection(named), 'DELETE ours/config/n'],
    ['resetConnection', ({ secrets }) => secrets.database.resetConnection(named), 'POST ours/reset/n', {}],
    ['rotateRootCredentials', ({ secrets }) => secrets.database.rotateRootCredentials(named), 'POST ours/rotate-root/n, once', {}],
    [
      'createRole',
      ({ secrets }) => secrets.database.createRole({ ...named, dbName: 'd', creationStatements: ['c'], maxTtl: 60 }),
      'POST ours/roles/n',
      { db_name: 'd', creation_statements: ['c'], max_ttl: 60 },
    ],
    ['readRole', ({ secrets }) => secrets.database.readRole(named), 'GET ours/roles/n'],
    ['listRoles', ({ secrets }) => secrets.database.listRoles(at), 'LIST ours/roles'],
    ['deleteRole', ({ secrets }) => secrets.database.deleteRole(named), 'DELETE ours/roles/n'],
    [
      'createStaticRole, which rotates once a day',
      ({ secrets }) => secrets.database.createStaticRole({ ...named, dbName: 'd', username: 'u' }),
      'POST ours/static-roles/n',
      { db_name: 'd', username: 'u', rotation_period: 86_400 },
    ],
    [
      'createStaticRole, unless it has a period of its own',
      ({ secrets }) => secrets.database.createStaticRole({ ...named, dbName: 'd', username: 'u', rotationPeriod: '1h' }),
      'POST ours/static-roles/n',
      { db_name: 'd', username: 'u', rotation_period: '1h' },
    ],
    ['readStaticRole', ({ secrets }) => secrets.database.readStaticRole(named), 'GET ours/static-roles/n'],
    ['listStaticRoles', ({ secrets }) => secrets.database.listStaticRoles(at), 'LIST ours/static-roles'],
    ['deleteStaticRole', ({ secrets }) => secrets.database.deleteStaticRole(named), 'DELETE ours/static-roles/n'],
    ['generateCredentials', ({ secrets }) => secrets.database.generateCredentials(named), 'GET ours/creds/n, once'],
    ['getStaticCredentials', ({ secrets }) => secrets.database.getStaticCredentials(named), 'GET ours/static-creds/n'],
    [
      'rotateStaticRoleCredentials',
      ({ secrets }) => secrets.database.rotateStaticRoleCredentials(named),
      'POST ours/rotate-role/n, once',
      {},
    ],
  ])('%s', async (_, call, line, body) => expect(await sentBy(call)).toEqual([{ ...callOptions, line, body }]));
});
