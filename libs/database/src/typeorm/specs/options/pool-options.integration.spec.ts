import { queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture, type RotatingFixtureOptions } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'pool_options';

beforeAll(async () => {
  await queryPostgres(admin, `CREATE ROLE ${group}`);
});
afterAll(async () => {
  await queryPostgres(admin, `DROP ROLE ${group}`);
});

async function start(options: RotatingFixtureOptions): Promise<RotatingFixture> {
  const fixture = new RotatingFixture(admin, group, options);
  await fixture.dataSource.initialize();
  return fixture;
}

/** Runs `count` sleeps side by side, and samples the pool until they are done. */
async function busy(fixture: RotatingFixture, { count, ms }: { count: number; ms: number }): Promise<{ inUse: number; sockets: number }> {
  const peak = { inUse: 0, sockets: 0 };
  const sample = setInterval(() => {
    const [pool] = fixture.controller.snapshot().pools;
    peak.inUse = Math.max(peak.inUse, pool?.inUse ?? 0);
    peak.sockets = Math.max(peak.sockets, pool?.connections ?? 0);
  }, 1);
  await Promise.all(Array.from({ length: count }, () => fixture.dataSource.query('SELECT pg_sleep($1)', [ms / 1_000])));
  clearInterval(sample);
  return peak;
}

describe('options of the pool', () => {
  it('poolSize bounds the connections in use, over all generations', async () => {
    await using fixture = await start({ typeorm: { poolSize: 4 } });
    const peak = busy(fixture, { count: 40, ms: 50 });
    for (let rotation = 0; rotation < 3; rotation += 1) await fixture.controller.refreshNow();
    expect((await peak).inUse).toBe(4);
  });

  it('rotation.maxConnections bounds the sockets, old and new together', async () => {
    await using fixture = await start({ typeorm: { poolSize: 4 }, rotation: { maxConnections: 5 } });
    const peak = busy(fixture, { count: 60, ms: 30 });
    for (let rotation = 0; rotation < 3; rotation += 1) await fixture.controller.refreshNow();
    expect((await peak).sockets).toBeLessThanOrEqual(5);
  });

  it('connectTimeoutMS ends the wait for a free connection with a typed error', async () => {
    await using fixture = await start({ typeorm: { poolSize: 1, connectTimeoutMS: 200 } });
    const long = fixture.dataSource.query('SELECT pg_sleep(1)');
    await expect(fixture.dataSource.query('SELECT 1')).rejects.toMatchObject({
      code: 'DATABASE_POOL_TIMEOUT',
      setting: 'typeorm.poolSize',
    });
    await long;
  });

  it('applicationName shows in the database', async () => {
    await using fixture = await start({ typeorm: { applicationName: 'named' } });
    expect(await fixture.dataSource.query("SELECT current_setting('application_name') AS name")).toEqual([{ name: 'named' }]);
  });

  it('extra.idleTimeoutMillis closes idle connections', async () => {
    await using fixture = await start({ typeorm: { extra: { idleTimeoutMillis: 50 } } });
    await expect.poll(() => fixture.controller.snapshot().pools[0]?.connections).toBe(0);
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('extra.maxUses closes a connection after so many users, also when callers wait', async () => {
    await using fixture = await start({ typeorm: { poolSize: 1, extra: { maxUses: 2 } } });
    const rows = await Promise.all(
      Array.from({ length: 8 }, () => fixture.dataSource.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid')),
    );
    expect(new Set(rows.map(([row]) => row?.pid)).size).toBeGreaterThanOrEqual(4);
  });
});

describe('the drain deadline', () => {
  it('gives the statement of a transaction a typed error, and frees its connection', async () => {
    await using fixture = await start({ rotation: { drainMs: 200 } });
    const transaction = fixture.dataSource.transaction((manager) => manager.query('SELECT pg_sleep(30)'));
    const failure = transaction.catch((error: unknown) => error);
    await expect.poll(() => fixture.sessions()).toBeGreaterThan(0);
    await fixture.controller.refreshNow();
    expect(await failure).toMatchObject({ driverError: { code: 'DATABASE_DRAIN_DEADLINE_EXCEEDED', setting: 'rotation.drainMs' } });
    expect(await fixture.event('generationDrained')).toMatchObject({ terminated: 1 });
    const running = await queryPostgres(
      admin,
      `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(30)%' AND state = 'active'`,
    );
    expect(running).toEqual([]);
    expect(fixture.controller.snapshot().pools[0]?.inUse).toBe(0);
  });

  it('frees the connection of a user who does not notice', async () => {
    await using fixture = await start({ rotation: { drainMs: 200 } });
    const runner = fixture.dataSource.createQueryRunner();
    await runner.startTransaction();
    await fixture.controller.refreshNow();
    await fixture.event('credentialsRevoked');
    expect(fixture.controller.snapshot().pools[0]?.inUse).toBe(0);
    await expect(runner.query('SELECT 1')).rejects.toMatchObject({ driverError: { code: 'DATABASE_DRAIN_DEADLINE_EXCEEDED' } });
  });

  it('lets the transaction end when it is configured to wait', async () => {
    await using fixture = await start({ rotation: { drainMs: 100, onDrainDeadline: 'wait' } });
    const transaction = fixture.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_sleep(0.6)');
      return manager.query<{ one: number }[]>('SELECT 1 AS one');
    });
    await expect.poll(() => fixture.controller.snapshot().pools[0]?.inUse).toBe(1);
    await fixture.controller.refreshNow();
    expect(await transaction).toEqual([{ one: 1 }]);
    expect(await fixture.event('generationDrained')).toMatchObject({ terminated: 0 });
  });
});
