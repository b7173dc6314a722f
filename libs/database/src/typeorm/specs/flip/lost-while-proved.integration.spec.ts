import { queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'lost_early';
/** Long enough to be seen running. */
const validationQuery = 'SELECT pg_sleep(0.3) /* lost_early */';

beforeAll(() => queryPostgres(admin, `CREATE ROLE ${group}`));
afterAll(() => queryPostgres(admin, `DROP ROLE ${group}`));

describe('New credentials that are lost while they are proved', () => {
  it('are not used: the old ones serve on, and others follow', async () => {
    await using fixture = new RotatingFixture(admin, group, { rotation: { validationQuery, mintBudget: 1 } });
    await fixture.dataSource.initialize();
    const rotation = fixture.controller.refreshNow().catch((error: unknown) => error);
    const running = `SELECT 1 FROM pg_stat_activity WHERE query = '${validationQuery}' AND state = 'active'`;
    await expect.poll(() => queryPostgres(admin, running), { interval: 10 }).toHaveLength(1);
    const lost = fixture.source.issued.at(-1);
    lost?.announce({ type: 'lost', reason: 'revoked' });
    expect(await rotation).toMatchObject({ code: 'DATABASE_CREDENTIALS_UNAVAILABLE' });
    expect(fixture.controller.snapshot().username).toBe(fixture.source.issued[0]?.credential.username);
    expect(await fixture.event('credentialsRotated')).toMatchObject({ reason: 'retry' });
    expect(fixture.controller.snapshot().username).toBe(fixture.source.issued[2]?.credential.username);
    await expect.poll(() => fixture.source.liveRoles()).not.toContain(lost?.credential.username);
  });
});
