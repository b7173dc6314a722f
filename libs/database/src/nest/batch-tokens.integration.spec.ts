import { appRoleStatements, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { appRole } from '@keyturn/vault';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { dynamicRole } from '../credentials/dynamic-role.js';
import { DatabaseApplication } from './database-application.fixture.js';

const servers = inject('servers');
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);

beforeAll(async () => {
  await queryPostgres(servers.postgres.superuser, 'CREATE ROLE batch_app');
  await openbao.provision({
    approle: { batch: { token_type: 'batch', token_ttl: '6s' } },
    database: {
      dynamicRoles: { hourly: { creation_statements: appRoleStatements({ role: 'batch_app' }), default_ttl: '1h', max_ttl: '24h' } },
    },
  });
});

describe('Credentials whose lease is clipped by a batch token', () => {
  it('are replaced once in the life of a token, after the log-in, without a failed query', async () => {
    await using application = await DatabaseApplication.start({
      servers,
      auth: appRole(await openbao.approle('batch')),
      credentials: dynamicRole('hourly'),
    });
    expect(await application.failuresUntil(application.rotations(4))).toEqual([]);
    const lives = application.events
      .filter(({ type }) => type === 'credentialsRotated')
      .map((event) => 'expiresInMs' in event && event.expiresInMs);
    // Under the token that was in use they would have had what was left of it: 2 s, 1 s and less.
    expect(lives).toHaveLength(4);
    for (const lifeMs of lives) expect(lifeMs).toSatisfy((ms: number) => ms > 3_500);
  });
});
