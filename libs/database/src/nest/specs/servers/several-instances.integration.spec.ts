import { appRoleStatements, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import { staticRole } from '../../../credentials/roles/static-role.js';
import { DatabaseApplication } from '../../database-application.fixture.js';

const servers = inject('servers');
const admin = servers.postgres.superuser;
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
const work = 'SELECT count(*) FROM instances';

beforeAll(async () => {
  await queryPostgres(admin, 'CREATE ROLE instances_app; CREATE TABLE instances (n int); GRANT SELECT ON instances TO instances_app');
  await queryPostgres(admin, 'CREATE ROLE instances_static LOGIN IN ROLE instances_app');
  await openbao.provision({
    database: {
      mount: 'instancesdb',
      dynamicRoles: { app: { creation_statements: appRoleStatements({ role: 'instances_app' }), default_ttl: '3s', max_ttl: '3s' } },
      staticRoles: { fixed: { username: 'instances_static', rotation_period: '5s' } },
    },
  });
});

async function users(): Promise<string[]> {
  const rows = await queryPostgres(
    admin,
    `SELECT rolname FROM pg_roles WHERE rolname LIKE 'v-%' AND pg_has_role(oid, 'instances_app', 'member')`,
  );
  return rows.map((row) => String(row['rolname']));
}

describe('Two instances of an application', () => {
  it('on one dynamic role have users of their own, and replace them without a failed query', async () => {
    const credentials = dynamicRole('app', { mountPoint: 'instancesdb' });
    const [one, two] = await Promise.all([
      DatabaseApplication.start({ servers, credentials }),
      DatabaseApplication.start({ servers, credentials }),
    ]);
    const both = Promise.all([one.rotations(3), two.rotations(3)]);
    expect(await Promise.all([one.failuresUntil(both, work), two.failuresUntil(both, work)])).toEqual([[], []]);
    expect(one.credentials.snapshot().username).not.toBe(two.credentials.snapshot().username);

    // The one that goes takes only its own with it.
    await one[Symbol.asyncDispose]();
    expect(await users()).toContain(two.credentials.snapshot().username);
    expect(await two.failuresUntil(two.rotations(two.credentials.snapshot().rotations + 1), work)).toEqual([]);
    await two[Symbol.asyncDispose]();
    expect(await users()).toEqual([]);
  });

  it('on one static role follow each change of its password, by the period and by hand, without a failed query', async () => {
    const credentials = staticRole('fixed', { mountPoint: 'instancesdb' });
    const typeorm = { extra: { maxUses: 20 } };
    await using one = await DatabaseApplication.start({ servers, credentials, typeorm });
    await using two = await DatabaseApplication.start({ servers, credentials, typeorm });
    const changes = (async () => {
      for (const rotation of [1, 2, 3]) {
        await openbao.api('POST', 'instancesdb/rotate-role/fixed');
        await Promise.all([one.rotations(rotation), two.rotations(rotation)]);
      }
      await Promise.all([one.rotations(4), two.rotations(4)]);
    })();
    expect(await Promise.all([one.failuresUntil(changes, work), two.failuresUntil(changes, work)])).toEqual([[], []]);
  });
});
