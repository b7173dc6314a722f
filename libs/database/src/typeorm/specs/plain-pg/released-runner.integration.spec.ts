import { queryPostgres } from '@keyturn/dev-services';
import type { Pool } from 'pg';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { QueryRunnerAlreadyReleasedError, type QueryRunner } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'released';

beforeAll(() => queryPostgres(admin, `CREATE ROLE ${group}`));
afterAll(() => queryPostgres(admin, `DROP ROLE ${group}`));

async function start(poolSize = 1): Promise<RotatingFixture> {
  const fixture = new RotatingFixture(admin, group, { typeorm: { poolSize } });
  await fixture.dataSource.initialize();
  return fixture;
}

/** How it ends: what it resolved to, or its error. */
const settled = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

// Plain TypeORM keeps the connection of each of these for ever, and its destroy() then never yields to the event loop again.
describe('A query runner that is released before its connection arrives', () => {
  it.each<[string, (runner: QueryRunner) => Promise<unknown>, unknown]>([
    ['refuses who waits for the connection', (runner) => runner.connect(), expect.any(QueryRunnerAlreadyReleasedError)],
    ['refuses a stream', (runner) => runner.stream('SELECT 1'), expect.any(QueryRunnerAlreadyReleasedError)],
    ['answers the statement that was asked for before', (runner) => runner.query('SELECT 1 AS one'), [{ one: 1 }]],
    [
      'answers all statements that were asked for before',
      (runner) => Promise.all([runner.query('SELECT 1 AS one'), runner.query('SELECT pg_sleep(0.05)'), runner.query('SELECT 3 AS three')]),
      [[{ one: 1 }], [{ pg_sleep: '' }], [{ three: 3 }]],
    ],
    [
      'tells the failure of the statement that was asked for before',
      (runner) => runner.query('SELECT nothing'),
      expect.objectContaining({ code: '42703' }),
    ],
  ])('%s, and gives the connection back', async (_, ask, expected) => {
    await using fixture = await start();
    const runner = fixture.dataSource.createQueryRunner();
    const outcome = settled(ask(runner));
    await runner.release();
    expect(await outcome).toEqual(expected);
    expect(fixture.controller.snapshot().pools[0]).toMatchObject({ inUse: 0, waiting: 0 });
    expect(await fixture.dataSource.query('SELECT 2 AS two')).toEqual([{ two: 2 }]);
    await fixture.dataSource.destroy();
  });

  it('does not keep destroy() from its end, which comes while others wait as well', async () => {
    await using fixture = await start();
    const holder = fixture.dataSource.createQueryRunner();
    await holder.query('SELECT 1');
    const runners = Array.from({ length: 20 }, () => fixture.dataSource.createQueryRunner());
    const waits = runners.map((runner, index) => settled(index % 2 === 0 ? runner.connect() : runner.query('SELECT 1')));
    for (const runner of runners) await runner.release();
    await fixture.dataSource.destroy();
    await Promise.all(waits);
    expect((fixture.dataSource.driver as PostgresDriver).connectedQueryRunners).toEqual([]);
    expect(await fixture.sessions()).toBe(0);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('leaves the others alone, also %i turns after it has arrived at the pool', async (turns) => {
    await using fixture = await start(2);
    const driver = fixture.dataSource.driver as PostgresDriver;
    const holder = fixture.dataSource.createQueryRunner();
    await holder.connect();
    const runner = fixture.dataSource.createQueryRunner();
    (driver.master as Pool).once('acquire', () => {
      void (async () => {
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
        await runner.release();
      })();
    });
    await settled(runner.connect());
    await runner.release();
    expect(driver.connectedQueryRunners).toEqual([holder]);
    expect(fixture.controller.snapshot().pools[0]).toMatchObject({ inUse: 1 });
    await fixture.dataSource.destroy();
    expect(holder.isReleased).toBe(true);
  });

  it('takes no connection afterwards', async () => {
    await using fixture = await start();
    const runner = fixture.dataSource.createQueryRunner();
    await runner.release();
    await expect(runner.connect()).rejects.toBeInstanceOf(QueryRunnerAlreadyReleasedError);
    expect(fixture.controller.snapshot().pools[0]).toMatchObject({ inUse: 0, waiting: 0 });
  });
});
