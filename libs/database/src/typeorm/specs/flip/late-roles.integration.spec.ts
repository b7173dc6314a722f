import { queryPostgres } from '@keyturn/dev-services';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture, type RotatingFixtureOptions } from '../../rotating-data-source.fixture.js';
import { underLoad } from '../load.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'late_roles';

beforeAll(() => queryPostgres(admin, `CREATE ROLE ${group}`));
afterAll(() => queryPostgres(admin, `DROP ROLE ${group}`));

async function start(options: RotatingFixtureOptions = {}, acceptedAfterMs = 0): Promise<RotatingFixture> {
  const fixture = new RotatingFixture(admin, group, { ...options, typeorm: { poolSize: 4, extra: { maxUses: 20 } } });
  fixture.source.acceptedAfterMs = acceptedAfterMs;
  await fixture.dataSource.initialize();
  return fixture;
}

/** Four workers query while `work` runs. @returns their failures */
async function failuresUnderLoad({ dataSource }: RotatingFixture, work: () => Promise<unknown>): Promise<unknown[]> {
  const { failures } = await underLoad({ work: [() => dataSource.query('SELECT pg_sleep(0.01)')], workers: 4 }, work);
  return failures;
}

describe('Roles that the database accepts late', () => {
  it.each([1_500, 3_000, 10_000])('by %i ms: the same ones are tried until then, and no query fails', async (lateMs) => {
    await using fixture = await start();
    fixture.source.acceptedAfterMs = lateMs;
    expect(await failuresUnderLoad(fixture, () => fixture.controller.refreshNow())).toEqual([]);
    expect(fixture.source.issued).toHaveLength(2);
    expect(fixture.controller.snapshot()).toMatchObject({ generation: 2, rotations: 1, failures: 0 });
    expect(fixture.events.filter(({ type }) => type === 'loginAwaited')).toHaveLength(lateMs > 2_500 ? 1 : 0);
    await fixture.event('credentialsRevoked');
    expect(await fixture.source.liveRoles()).toHaveLength(1);
  });

  it('are waited for by a data source that starts', async () => {
    await using fixture = await start({}, 3_000);
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(fixture.source.issued).toHaveLength(1);
  });

  it('are asked for early enough, when their life is short, from the first rotation on', async () => {
    // Eight tenths of the life would leave 2.4 s.
    await using fixture = await start({ ttlMs: 12_000, rotation: { drainMs: 500 } }, 4_000);
    const failures = await failuresUnderLoad(fixture, async () => {
      for (let rotation = 0; rotation < 3; rotation += 1) await fixture.event('credentialsRotated');
    });
    expect(failures).toEqual([]);
    expect(fixture.source.issued).toHaveLength(4);
    expect(fixture.events.filter(({ type }) => type === 'rotationFailed' || type === 'credentialsExpired')).toEqual([]);
  });

  it('are given up after the budget, revoked and counted once', async () => {
    await using fixture = await start({ rotation: { credentialBudgetMs: 2_000, mintBudget: 2 } });
    fixture.source.brokenLogins = true;
    for (const code of ['DATABASE_LOGIN_REJECTED', 'DATABASE_LOGIN_REJECTED', 'DATABASE_MINT_BUDGET_EXHAUSTED']) {
      await expect
        .poll(() => fixture.controller.refreshNow().catch((error: { code: string }) => error.code), { interval: 1_100, timeout: 8_000 })
        .toBe(code);
    }
    expect(fixture.source.issued).toHaveLength(3);
    expect(await fixture.source.liveRoles()).toHaveLength(1);
  });

  it('do not hold up a data source that starts meanwhile: it takes those in force', async () => {
    await using fixture = await start();
    fixture.source.acceptedAfterMs = 3_000;
    const rotated = fixture.controller.refreshNow();
    await expect.poll(() => fixture.source.issued).toHaveLength(2);
    const other = await new DataSource(fixture.dataSource.options).initialize();
    expect(fixture.controller.snapshot()).toMatchObject({ generation: 1, rotating: true });
    await rotated;
    expect(fixture.controller.snapshot().pools.map(({ generation }) => generation)).toEqual([2, 2]);
    expect(fixture.source.issued).toHaveLength(2);
    await other.destroy();
  });
});
