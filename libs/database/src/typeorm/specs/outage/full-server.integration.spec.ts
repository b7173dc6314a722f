import { queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';
import { underLoad } from '../load.fixture.js';
import { SilentProxy } from './silent-proxy.fixture.js';

const { superuser } = inject('servers').postgres;
const group = 'full_server';
const poolSize = 3;

beforeAll(async () => {
  await queryPostgres(superuser, `CREATE ROLE ${group}`);
  await queryPostgres(superuser, `CREATE DATABASE ${group}`);
  await queryPostgres(superuser, `ALTER DATABASE ${group} CONNECTION LIMIT ${poolSize}`);
});
afterAll(async () => {
  await queryPostgres(superuser, `DROP DATABASE ${group}`);
  await queryPostgres(superuser, `DROP ROLE ${group}`);
});

/** A data source whose idle connections are all that the database allows. */
async function start(): Promise<RotatingFixture> {
  const fixture = new RotatingFixture(superuser, group, { typeorm: { database: group, poolSize, connectTimeoutMS: 5_000 } });
  await fixture.dataSource.initialize();
  await Promise.all(Array.from({ length: poolSize }, () => fixture.dataSource.query('SELECT pg_sleep(0.05)')));
  expect(fixture.controller.snapshot().pools[0]).toMatchObject({ connections: poolSize, idle: poolSize });
  return fixture;
}

describe('A database that is full of connections of our own', () => {
  it('gives a rotation the place of an idle one', async () => {
    await using fixture = await start();
    await fixture.controller.refreshNow();
    expect(fixture.controller.snapshot().generation).toBe(2);
  });

  it.each([1, 2, poolSize, 2 * poolSize])('rotates while %i callers use them, and none fails', async (workers) => {
    await using fixture = await start();
    // Each caller uses a connection all the time.
    const work = [() => fixture.dataSource.query('SELECT pg_sleep(0.005)')];
    const { failures } = await underLoad({ work, workers }, async () => {
      for (let rotation = 0; rotation < 3; rotation += 1) await fixture.controller.refreshNow();
    });
    expect(failures).toEqual([]);
    expect(fixture.controller.snapshot().generation).toBe(4);
  });

  it('rotates when the first of three long statements ends', async () => {
    await using fixture = await start();
    const statements = [0.3, 20, 20].map((seconds) => fixture.dataSource.query('SELECT pg_sleep($1)', [seconds]).catch(() => undefined));
    await expect.poll(() => fixture.controller.snapshot().pools[0]?.inUse).toBe(poolSize);
    await fixture.controller.refreshNow();
    expect(fixture.controller.snapshot().pools[0]?.draining).toEqual([{ generation: 1, inUse: 2 }]);
    await queryPostgres(superuser, `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'v\\_${group}\\_%'`);
    await Promise.all(statements);
  });

  it('gets back the place that a connection under way has taken from the rotation', async () => {
    await using proxy = await SilentProxy.start(superuser.port);
    const typeorm = { database: group, port: proxy.port, poolSize: poolSize + 1, connectTimeoutMS: 2_000 };
    await using fixture = new RotatingFixture(superuser, group, { typeorm });
    await fixture.dataSource.initialize();
    const runners = Array.from({ length: poolSize }, () => fixture.dataSource.createQueryRunner());
    for (const runner of runners) await runner.connect();
    const late = proxy.accepted + 1;
    const next = late + 2;
    proxy.silence(late);
    proxy.silence(next);
    const query = fixture.dataSource.query('SELECT 1 AS one');
    await expect.poll(() => proxy.accepted).toBe(late);
    const rotation = fixture.controller.refreshNow().then(() => 'rotated');
    // The first try was refused: the next connection that comes back is closed for the second one.
    await expect.poll(() => proxy.accepted).toBe(next);
    await runners[0]!.release();
    await expect.poll(() => fixture.sessions()).toBe(poolSize - 1);
    proxy.restore(late);
    expect(await query).toEqual([{ one: 1 }]);
    proxy.restore(next);
    expect(await rotation).toBe('rotated');
    await Promise.all(runners.slice(1).map((runner) => runner.release()));
  });
});
