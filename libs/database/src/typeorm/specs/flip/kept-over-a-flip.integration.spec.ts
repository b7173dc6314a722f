import { queryPostgres } from '@keyturn/dev-services';
import pg, { type Pool, type PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { uncaughtWhile } from '../../../support/uncaught.fixture.js';
import { RotatingFixture, type RotatingFixtureOptions } from '../../rotating-data-source.fixture.js';
import { LogLines } from '../log-lines.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'kept';

beforeAll(() => queryPostgres(admin, `CREATE ROLE ${group}`));
afterAll(() => queryPostgres(admin, `DROP ROLE ${group}`));

async function start(typeorm: RotatingFixtureOptions['typeorm'] = {}): Promise<RotatingFixture> {
  const fixture = new RotatingFixture(admin, group, { typeorm });
  await fixture.dataSource.initialize();
  return fixture;
}

const poolOf = ({ dataSource }: RotatingFixture): Pool => (dataSource.driver as unknown as { master: Pool }).master;

/** Runs `text` on `count` connections at a time. */
async function onEach(pool: Pool, count: number, text: string): Promise<unknown[]> {
  const clients = await Promise.all(Array.from({ length: count }, () => pool.connect()));
  const answers = await Promise.all(clients.map((client) => client.query(text)));
  for (const client of clients) client.release();
  return answers.map(({ rows }) => (rows as unknown[])[0]);
}

describe('After a flip of the credentials', () => {
  it('logNotifications logs the notices of every connection of every generation, each once', async () => {
    const logger = new LogLines();
    await using fixture = await start({ logNotifications: true, logger, poolSize: 3 });
    for (const generation of [1, 2, 3]) {
      await onEach(poolOf(fixture), 3, `DO $$ BEGIN RAISE NOTICE 'of ${generation}'; END $$`);
      await fixture.controller.refreshNow();
    }
    expect(logger.lines).toEqual([1, 2, 3].flatMap((generation) => Array.from({ length: 3 }, () => `of ${generation}`)));
  });

  it("a listener of the pool's 'connect' sets up each new connection, and its statements count as the validation's do", async () => {
    await using fixture = await start({ poolSize: 3 });
    const pool = poolOf(fixture);
    pool.on('connect', (client: PoolClient) => void client.query("SET application_name TO 'set up'"));
    for (let flip = 0; flip < 2; flip += 1) {
      await fixture.controller.refreshNow();
      const set = { application_name: 'set up' };
      expect(await onEach(pool, 3, 'SHOW application_name')).toEqual([set, set, set]);
    }
  });

  it('listeners of the pool hear of all generations, as many openings as closings', async () => {
    await using fixture = await start({ poolSize: 3 });
    const pool = poolOf(fixture);
    const open = new Set<unknown>(await Promise.all([pool.connect(), pool.connect(), pool.connect()]));
    for (const client of open) (client as PoolClient).release();
    pool.on('connect', (client) => open.add(client));
    pool.on('remove', (client) => expect(open.delete(client)).toBe(true));
    for (let flip = 0; flip < 3; flip += 1) {
      await onEach(pool, 3, 'SELECT 1');
      await fixture.controller.refreshNow();
      await fixture.event('credentialsRevoked');
    }
    expect(open.size).toBe(pool.totalCount);
    await fixture.dataSource.destroy();
    await expect.poll(() => open.size).toBe(0);
  });

  it('named statements are prepared anew where they are used', async () => {
    await using fixture = await start({ poolSize: 1 });
    const named = { name: 'twice', text: 'SELECT $1::int * 2 AS n' };
    for (const value of [1, 2, 3]) {
      const { rows } = await poolOf(fixture).query({ ...named, values: [value] });
      expect(rows).toEqual([{ n: value * 2 }]);
      await fixture.controller.refreshNow();
    }
  });

  it('type parsers of the application and of extra.types are in force', async () => {
    const types = { getTypeParser: (oid: number) => (oid === 21 ? (text: string) => `small ${text}` : pg.types.getTypeParser(oid)) };
    await using fixture = await start({ poolSize: 1, extra: { types } });
    await fixture.controller.refreshNow();
    expect(await fixture.dataSource.query('SELECT 1::smallint AS n')).toEqual([{ n: 'small 1' }]);
  });

  it('a listener that throws loses no connection', async () => {
    await using fixture = await start({ poolSize: 1 });
    const pool = poolOf(fixture);
    const events = ['connect', 'acquire', 'release', 'remove'] as const;
    let calls = 0;
    const thrown = await uncaughtWhile(async () => {
      for (const event of events) {
        pool.once(event, () => {
          calls += 1;
          throw new Error(event);
        });
      }
      await fixture.controller.refreshNow();
      await pool.query('SELECT 1');
      await expect.poll(() => calls).toBe(events.length);
    });
    expect(thrown).toHaveLength(events.length);
    expect(fixture.controller.snapshot().pools[0]).toMatchObject({ inUse: 0, waiting: 0 });
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
