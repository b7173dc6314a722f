import { appRoleStatements, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import { staticRole } from '../../../credentials/roles/static-role.js';
import { DatabaseApplication } from '../../database-application.fixture.js';
import { RewritingProxy } from './rewriting-proxy.fixture.js';

const servers = inject('servers');
const admin = servers.postgres.superuser;
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
const plainUser = `CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN ROLE odd_app;`;

beforeAll(async () => {
  await queryPostgres(admin, 'CREATE ROLE odd_app; CREATE TABLE odd (n int); GRANT SELECT ON odd TO odd_app');
  await queryPostgres(admin, 'CREATE ROLE odd_static LOGIN IN ROLE odd_app; CREATE ROLE odd_cron LOGIN IN ROLE odd_app');
  const life = { default_ttl: '3s', max_ttl: '3s' };
  await openbao.provision({
    database: {
      mount: 'odddb',
      dynamicRoles: {
        owner: { creation_statements: appRoleStatements({ role: 'odd_app' }), ...life },
        member: { creation_statements: [plainUser], ...life },
      },
      staticRoles: { scheduled: { username: 'odd_static', rotation_period: '5s' } },
    },
  });
});
afterAll(async () => {
  await queryPostgres(admin, 'DROP TABLE odd');
});

describe('A static role with a rotation schedule instead of a period', () => {
  it('is followed without a failed query when the answer names no period (the answer is played, the changes of the password are real)', async () => {
    // Assumed, as no server at hand has schedules: `rotation_schedule` stands in the answer where `rotation_period` does.
    await using proxy = await RewritingProxy.start(servers.openbao.address, (path, body) => {
      if (!path.includes('/static-creds/')) return body;
      const { rotation_period: _, ...data } = body['data'] as Record<string, unknown>;
      return { ...body, data: { ...data, rotation_schedule: '* * * * *', rotation_window: 3_600 } };
    });
    await using application = await DatabaseApplication.start({
      servers: { ...servers, openbao: { ...servers.openbao, address: proxy.address } },
      credentials: staticRole('scheduled', { mountPoint: 'odddb' }),
      typeorm: { extra: { maxUses: 20 } },
    });
    expect(application.credentials.snapshot().remainingMs).toBeLessThanOrEqual(5_000);
    expect(await application.failuresUntil(application.rotations(2), 'SELECT count(*) FROM odd')).toEqual([]);
    const changed = application.events.filter(({ type }) => type === 'credentialsRotated');
    for (const event of changed)
      expect(event).toMatchObject({ username: 'odd_static', expiresInMs: expect.toSatisfy((ms: number) => ms > 3_000) });
  });

  it('is read from a server that knows schedules', async ({ skip }) => {
    const refusal = await openbao
      .api('POST', 'odddb/static-roles/cron', { db_name: 'postgres', username: 'odd_cron', rotation_schedule: '* * * * *' })
      .then(() => undefined)
      .catch((error: Error) => error);
    if (refusal?.message.includes('rotation_period is required') === true)
      skip(`This server knows no rotation_schedule: ${refusal.message}`);
    if (refusal !== undefined) throw refusal;
    await using application = await DatabaseApplication.start({ servers, credentials: staticRole('cron', { mountPoint: 'odddb' }) });
    expect(application.credentials.snapshot().remainingMs).toBeLessThanOrEqual(60_000);
    await application.dataSource.query('SELECT 1');
  });
});

describe('A server that promises credentials a longer life than they have', () => {
  it.each([
    // A session that logs in while its user is being dropped has no rights either.
    ['whose sessions outlive the user', 'owner'],
    ['whose sessions lose their rights with the user', 'member'],
  ])('%s, costs no more than the statements in flight: they are replaced at the first log-in that fails', async (_, role) => {
    await using proxy = await RewritingProxy.start(servers.openbao.address, (path, body) =>
      path.includes('/creds/') ? { ...body, lease_duration: 3_600 } : body,
    );
    await using application = await DatabaseApplication.start({
      servers: { ...servers, openbao: { ...servers.openbao, address: proxy.address } },
      credentials: dynamicRole(role, { mountPoint: 'odddb' }),
      // Users that are refused so soon count as issued in vain.
      rotation: { mintBudget: 4 },
      typeorm: { extra: { maxUses: 50 } },
    });
    expect(application.credentials.snapshot().remainingMs).toBeGreaterThan(3_000_000);
    const [rotations, poolSize] = [3, 4];
    const codes = await application.failuresUntil(application.rotations(rotations), 'SELECT count(*) FROM odd');
    expect(codes.length).toBeLessThanOrEqual(poolSize * rotations);
    for (const code of codes) expect(code).toBe('42501');
    const reasons = application.events.flatMap((event) => (event.type === 'credentialsRotated' ? [event.reason] : []));
    expect(new Set(reasons)).toEqual(new Set(['login-rejected']));
  });
});
