import { OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import { DatabaseApplication } from '../../database-application.fixture.js';
import { jumpWallClock } from './wall-clock.fixture.js';

const servers = inject('servers');
const admin = servers.postgres.superuser;
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
const mount = 'wakedb';
const sql = 'SELECT id FROM wake_rows';

beforeAll(async () => {
  await queryPostgres(admin, 'CREATE TABLE wake_rows (id int); INSERT INTO wake_rows VALUES (1)');
  // The rights are the user's own: sessions that outlive it have none.
  const creation_statements = [
    `CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';`,
    'GRANT SELECT ON wake_rows TO "{{name}}";',
  ];
  await openbao.provision({ database: { mount, dynamicRoles: { reader: { creation_statements, default_ttl: '1h', max_ttl: '24h' } } } });
});
afterEach(() => void vi.unstubAllGlobals());

describe('After a suspend of the machine', () => {
  it('the first callers wait until it is known whether the user still works, and none fails when it is gone', async () => {
    await using application = await DatabaseApplication.start({ servers, credentials: dynamicRole('reader', { mountPoint: mount }) });
    await Promise.all(Array.from({ length: 8 }, () => application.dataSource.query(sql)));
    await openbao.api('PUT', `sys/leases/revoke-prefix/${mount}/creds/reader`, { sync: true });
    jumpWallClock(7_200_000);
    expect(await application.failuresUntil(application.rotations(1), sql)).toEqual([]);
    expect(application.credentials.snapshot()).toMatchObject({ generation: 2, state: 'serving' });
  });

  it('a user that still works is kept', async () => {
    await using application = await DatabaseApplication.start({ servers, credentials: dynamicRole('reader', { mountPoint: mount }) });
    jumpWallClock(600_000);
    const watched = Promise.all(Array.from({ length: 200 }, () => application.dataSource.query(sql)));
    expect(await application.failuresUntil(watched, sql)).toEqual([]);
    expect(application.credentials.snapshot()).toMatchObject({ generation: 1, failures: 0 });
  });
});
