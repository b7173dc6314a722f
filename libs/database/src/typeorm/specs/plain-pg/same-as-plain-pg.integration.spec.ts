import { queryPostgres } from '@keyturn/dev-services';
import { inspect } from 'node:util';
import type { Pool, PoolClient } from 'pg';
import {
  CannotConnectAlreadyConnectedError,
  CannotExecuteNotConnectedError,
  Column,
  Entity,
  JoinTable,
  ManyToMany,
  PrimaryGeneratedColumn,
  QueryFailedError,
  type DataSource,
  type Logger,
  type QueryRunner,
} from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { comparedDataSources, createComparedRoles, dropComparedRoles } from './plain-and-rotating.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'compared';
const server = { host: admin.host, port: admin.port, database: admin.database };

@Entity({ name: 'compared_tag' })
class Tag {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text')
  name!: string;
}

@Entity({ name: 'compared_post' })
class Post {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text', { unique: true })
  title!: string;

  @ManyToMany(() => Tag, { cascade: true })
  @JoinTable({ name: 'compared_post_tags' })
  tags!: Tag[];
}

const entities = [Post, Tag];

beforeAll(() => createComparedRoles(admin, group));
afterAll(() => dropComparedRoles(admin, group));

const applicationName = async (runner: QueryRunner): Promise<string> =>
  ((await runner.query("SELECT current_setting('application_name') AS name")) as { name: string }[])[0]!.name;

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const modeOf = async (dataSource: DataSource, mode?: 'master' | 'slave'): Promise<string[]> => {
  await using runner = dataSource.createQueryRunner(mode);
  return [runner.getReplicationMode(), await applicationName(runner)];
};
const readFrom = async (dataSource: DataSource): Promise<unknown> => {
  const read = dataSource.manager.createQueryBuilder(Post, 'post').select("current_setting('application_name')", 'name');
  return read.getRawOne<{ name: string }>().then((row) => row?.name);
};
const title = (): string => "current_setting('application_name')";

/** Takes note of the pool's events from now on. */
function events(pool: Pool): string[] {
  const seen: string[] = [];
  for (const event of ['connect', 'acquire', 'release', 'remove', 'error'] as const) pool.on(event, () => seen.push(event));
  return seen;
}

class Lines implements Logger {
  readonly lines: string[] = [];
  logQuery(): void {}
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(_level: string, line: unknown): void {
    this.lines.push(String(line));
  }
}

const stackOf = async (work: () => Promise<unknown>): Promise<string> => {
  const error: unknown = await work().catch((failure: unknown) => failure);
  return String((error as Error).stack);
};

const drop = 'DROP TABLE IF EXISTS compared_post_tags, compared_post, compared_tag';
const backend = async (client: PoolClient): Promise<number> =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;

describe.each(comparedDataSources(admin, group))('What TypeORM checks of its pools, on %s', (_, start) => {
  beforeEach(() => queryPostgres(admin, drop));

  describe('a transaction', () => {
    it('acquires one connection, however much it loads', async () => {
      await using compared = await start({ entities, synchronize: true });
      const { manager } = compared.dataSource;
      const { id } = await manager.save(Post, { title: 'one', tags: [{ name: 'a' }, { name: 'b' }] });
      const seen = events(compared.pool);
      await manager.transaction(async (transaction) => {
        expect(await transaction.createQueryBuilder().relation(Post, 'tags').of(id).loadMany()).toHaveLength(2);
        expect(seen).toEqual(['acquire']);
      });
      expect(seen).toEqual(['acquire', 'release']);
    });

    it('keeps its query runner in every repository', async () => {
      await using compared = await start({ entities, synchronize: true });
      await compared.dataSource.transaction(async (manager) => {
        expect(manager.getRepository(Post).queryRunner).toBe(manager.queryRunner);
        expect(manager.getRepository(Post).manager).toBe(manager);
      });
    });

    it('gives its connection back when it fails, as often as it fails', async () => {
      await using compared = await start({ entities, synchronize: true, poolSize: 1 });
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const failing = compared.dataSource.transaction(async (manager) => {
          await manager.insert(Post, { title: 'lost' });
          await manager.query('SELECT nothing');
        });
        await expect(failing).rejects.toBeInstanceOf(QueryFailedError);
      }
      expect(await compared.dataSource.getRepository(Post).count()).toBe(0);
      expect([compared.pool.totalCount, compared.pool.idleCount, compared.pool.waitingCount]).toEqual([1, 1, 0]);
    });

    it('of a query runner that is disposed of is committed, and the failure of the COMMIT is told', async () => {
      await using compared = await start({ entities, synchronize: true });
      const disposing = (async () => {
        await using runner = compared.dataSource.createQueryRunner();
        await runner.startTransaction();
        await runner.query('CREATE TEMPORARY TABLE late (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)');
        await runner.query('INSERT INTO late VALUES (1), (1)');
      })();
      await expect(disposing).rejects.toMatchObject({ query: 'COMMIT', code: '23505' });
      expect(compared.pool.idleCount).toBe(compared.pool.totalCount);
    });
  });

  describe('a query runner', () => {
    it('gives its connection back when it is released, and may be released again', async () => {
      await using compared = await start();
      const seen = events(compared.pool);
      const runner = compared.dataSource.createQueryRunner();
      await runner.query('SELECT 1');
      await runner.release();
      await runner.release();
      expect([runner.isReleased, ...seen]).toEqual([true, 'acquire', 'release']);
      await expect(runner.query('SELECT 1')).rejects.toThrow('Query runner already released');
    });

    it('delivers a stream', async () => {
      await using compared = await start();
      const runner = compared.dataSource.createQueryRunner();
      const rows: unknown[] = [];
      for await (const row of await runner.stream('SELECT n FROM generate_series(1, 4) n')) rows.push(row);
      await runner.release();
      expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    });

    it('is released by itself when the server ends its session, and the pool replaces the connection', async () => {
      await using compared = await start({ poolSize: 1 });
      const seen = events(compared.pool);
      const runner = compared.dataSource.createQueryRunner();
      const [row] = (await runner.query('SELECT pg_backend_pid() AS pid')) as { pid: number }[];
      await queryPostgres(admin, 'SELECT pg_terminate_backend($1)', [row!.pid]);
      await expect.poll(() => runner.isReleased).toBe(true);
      expect(await compared.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await expect.poll(() => seen.toSorted()).toEqual(['acquire', 'acquire', 'connect', 'release', 'release', 'remove']);
    });
  });

  describe('with read replicas', () => {
    const replication = {
      master: { ...server, applicationName: 'master' },
      slaves: [{ ...server, applicationName: 'slave' }],
    };
    it('takes the pool that the mode of the query runner names, by default the one of the master', async () => {
      await using compared = await start({ replication });
      expect(await modeOf(compared.dataSource)).toEqual(['master', 'master']);
      expect(await modeOf(compared.dataSource, 'master')).toEqual(['master', 'master']);
      expect(await modeOf(compared.dataSource, 'slave')).toEqual(['slave', 'slave']);
    });

    it('reads from the replica and writes to the master', async () => {
      await using compared = await start({ replication, entities, synchronize: true });
      const { raw } = await compared.dataSource.createQueryBuilder().insert().into(Post).values({ title }).returning('title').execute();
      expect(raw).toEqual([{ title: 'master' }]);
      expect(await readFrom(compared.dataSource)).toBe('slave');
    });

    it('reads from the master where that is the default', async () => {
      await using compared = await start({ replication: { ...replication, defaultMode: 'master' }, entities, synchronize: true });
      await compared.dataSource.manager.insert(Post, { title: 'read' });
      expect(await readFrom(compared.dataSource)).toBe('master');
    });

    it('has one pool for each, which destroy() ends', async () => {
      await using compared = await start({ replication });
      const { slaves } = compared.dataSource.driver as unknown as { slaves: Pool[] };
      const pools = [compared.pool, ...slaves];
      expect(pools.map(({ ending }) => ending)).toEqual([false, false]);
      await compared.dataSource.destroy();
      expect(pools.map(({ ended }) => ended)).toEqual([true, true]);
    });
  });

  describe('the data source', () => {
    it('releases the query runners that are in use when it is destroyed', async () => {
      await using compared = await start();
      const runners = [compared.dataSource.createQueryRunner(), compared.dataSource.createQueryRunner()];
      for (const runner of runners) await runner.query('SELECT 1');
      await compared.dataSource.destroy();
      expect(runners.map(({ isReleased }) => isReleased)).toEqual([true, true]);
      expect((compared.dataSource.driver as unknown as { connectedQueryRunners: unknown[] }).connectedQueryRunners).toEqual([]);
    });

    it('starts once, is destroyed once, and may start again', async () => {
      await using compared = await start();
      await expect(compared.dataSource.initialize()).rejects.toBeInstanceOf(CannotConnectAlreadyConnectedError);
      await compared.dataSource.destroy();
      await expect(compared.dataSource.destroy()).rejects.toBeInstanceOf(CannotExecuteNotConnectedError);
      await compared.dataSource.initialize();
      expect(await compared.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });

    it('names itself to the server', async () => {
      await using compared = await start({ applicationName: 'compared by name' });
      await using runner = compared.dataSource.createQueryRunner();
      expect(await applicationName(runner)).toBe('compared by name');
    });

    it('sees to the extensions that it is to have', async () => {
      await using compared = await start({ extensions: ['plpgsql'] });
      expect(await compared.dataSource.query("SELECT extname FROM pg_extension WHERE extname = 'plpgsql'")).toHaveLength(1);
    });

    it('reads 64-bit numbers as it is told', async () => {
      await using compared = await start({ parseInt8: true });
      expect(await compared.dataSource.query('SELECT 5::bigint AS five')).toEqual([{ five: 5 }]);
      await using other = await start({ parseInt8: false });
      expect(await other.dataSource.query('SELECT 5::bigint AS five')).toEqual([{ five: '5' }]);
    });

    it('logs notices and notifications with logNotifications', async () => {
      const logger = new Lines();
      await using compared = await start({ logNotifications: true, logger, poolSize: 1 });
      await compared.dataSource.query("DO $$ BEGIN RAISE NOTICE 'noticed'; END $$");
      await compared.dataSource.query("LISTEN heard; NOTIFY heard, 'news'");
      await expect.poll(() => logger.lines).toEqual(['noticed', 'Received NOTIFY on channel heard: news.']);
    });

    it('logs neither without it', async () => {
      const logger = new Lines();
      await using compared = await start({ logger, poolSize: 1 });
      await compared.dataSource.query("DO $$ BEGIN RAISE NOTICE 'noticed'; END $$");
      expect(logger.lines).toEqual([]);
    });

    it('hears a notice once in a listener that extra.onConnect adds', async () => {
      const heard: unknown[] = [];
      const onConnect = (client: PoolClient): void => void client.on('notice', ({ message: text }) => heard.push(text));
      await using compared = await start({ poolSize: 2, extra: { onConnect } });
      const clients = [await compared.pool.connect(), await compared.pool.connect()];
      for (const client of clients) await client.query("DO $$ BEGIN RAISE NOTICE 'noticed'; END $$");
      for (const client of clients) client.release();
      expect(heard).toEqual(['noticed', 'noticed']);
    });

    it('hands the error of an idle connection and its client to the handler', async () => {
      const errors: unknown[][] = [];
      await using compared = await start({ poolSize: 1, poolErrorHandler: (...given: unknown[]) => errors.push(given) });
      const seen = events(compared.pool);
      const client = await compared.pool.connect();
      const pid = await backend(client);
      client.release();
      await queryPostgres(admin, 'SELECT pg_terminate_backend($1)', [pid]);
      await expect.poll(() => errors).toHaveLength(1);
      expect(errors[0]).toEqual([expect.objectContaining({ code: '57P01' }), expect.anything()]);
      expect(errors[0]![1]).toBe(client);
      await expect.poll(() => seen).toEqual(['acquire', 'release', 'error', 'remove']);
    });
  });
});

describe.each(comparedDataSources(admin, group))('What users of pg-pool 3 rely on, on %s', (_, start) => {
  it.each<[string, (pool: Pool) => Promise<unknown>, unknown]>([
    ['a text', (pool) => pool.query('SELECT 1 AS one').then(({ rows }) => rows), [{ one: 1 }]],
    ['a text and values', (pool) => pool.query('SELECT $1::int AS n', [7]).then(({ rows, rowCount }) => [rows, rowCount]), [[{ n: 7 }], 1]],
    [
      'a named statement',
      (pool) => pool.query({ name: 'seven', text: 'SELECT $1::int AS n', values: [7] }).then(({ rows }) => rows),
      [{ n: 7 }],
    ],
    ['rows as arrays', (pool) => pool.query({ text: 'SELECT 1, 2', rowMode: 'array' }).then(({ rows }) => rows), [[1, 2]]],
    [
      'a text and a callback',
      (pool) => new Promise((resolve) => pool.query('SELECT 1 AS one', (error, result) => resolve([error, result.rows]))),
      [undefined, [{ one: 1 }]],
    ],
    [
      'a text, values and a callback',
      (pool) => new Promise((resolve) => pool.query('SELECT $1::int AS n', [7], (error, result) => resolve([error, result.rows]))),
      [undefined, [{ n: 7 }]],
    ],
    ['a text that fails', (pool) => pool.query('SELECT nothing').catch((error: { code: string }) => error.code), '42703'],
    [
      'a text that fails and a callback',
      (pool) =>
        new Promise((resolve) => pool.query('SELECT nothing', (error, result) => resolve([(error as { code?: string }).code, result]))),
      ['42703', undefined],
    ],
  ])('query() takes %s', async (_form, query, expected) => {
    await using compared = await start({ poolSize: 1 });
    expect(await query(compared.pool)).toEqual(expected);
    expect([compared.pool.waitingCount, (await compared.pool.query('SELECT 1')).rowCount]).toEqual([0, 1]);
  });

  it('query() takes no function in place of a text', async () => {
    await using compared = await start();
    const told = new Promise((resolve) => void compared.pool.query(resolve as unknown as string));
    expect(message(await told)).toBe('Passing a function as the first parameter to pool.query is not supported');
  });

  it('what fails has a stack that leads to who asked', async () => {
    await using compared = await start();
    expect(await stackOf(async () => void (await compared.pool.query('SELECT nothing')))).toContain('same-as-plain-pg');
    await compared.pool.end();
    expect(await stackOf(async () => void (await compared.pool.query('SELECT 1')))).toContain('same-as-plain-pg');
    expect(await stackOf(async () => void (await compared.pool.connect()))).toContain('same-as-plain-pg');
  });

  it('query() closes a connection whose statement failed, and keeps one whose statement succeeded', async () => {
    await using compared = await start({ poolSize: 1 });
    const seen = events(compared.pool);
    await compared.pool.query('SELECT 1');
    await compared.pool.query('SELECT nothing').catch(() => undefined);
    await compared.pool.query('SELECT 1');
    // Sorted: when the socket of the closed one is gone is nobody's promise.
    const expected = ['acquire', 'release', 'acquire', 'release', 'remove', 'connect', 'acquire', 'release'];
    await expect.poll(() => seen.toSorted()).toEqual(expected.toSorted());
  });

  it('events come with the client, and with the reason of a release', async () => {
    await using compared = await start({ poolSize: 1 });
    const { pool } = compared;
    const seen: unknown[][] = [];
    pool.on('connect', (...given) => seen.push(['connect', ...given]));
    pool.on('acquire', (...given) => seen.push(['acquire', ...given]));
    pool.on('release', (...given) => seen.push(['release', ...given]));
    pool.on('remove', (...given) => seen.push(['remove', ...given]));
    const first = await pool.connect();
    first.release();
    const again = await pool.connect();
    const reason = new Error('broken');
    again.release(reason);
    await expect.poll(() => seen.length).toBe(5);
    const second = await pool.connect();
    second.release(true);
    await expect.poll(() => seen.length).toBe(9);
    expect(again).toBe(first);
    expect(second).not.toBe(first);
    const expected = [
      ['acquire', first],
      ['release', undefined, first],
      ['acquire', first],
      ['release', reason, first],
      ['remove', first],
      ['connect', second],
      ['acquire', second],
      ['release', true, second],
      ['remove', second],
    ];
    for (const [at, event] of expected.entries()) event.forEach((value, index) => expect(seen[at]![index]).toBe(value));
  });

  it('events come for callers who had to wait as well, in the order of their coming', async () => {
    await using compared = await start({ poolSize: 1 });
    const { pool } = compared;
    const seen = events(pool);
    const served: number[] = [];
    const users = Array.from({ length: 4 }, async (_user, number) => {
      const client = await pool.connect();
      served.push(number);
      client.release();
    });
    expect(pool.waitingCount).toBeGreaterThanOrEqual(3);
    await Promise.all(users);
    expect(served).toEqual([0, 1, 2, 3]);
    expect(seen).toEqual(['acquire', 'release', 'acquire', 'release', 'acquire', 'release', 'acquire', 'release']);
  });

  it("a statement in a listener of 'connect' runs before any of the connection's user", async () => {
    await using compared = await start({ poolSize: 2 });
    compared.pool.on('connect', (client) => void client.query("SET application_name TO 'listened'"));
    const held = await compared.pool.connect();
    const { rows } = await compared.pool.query('SHOW application_name');
    held.release();
    expect(rows).toEqual([{ application_name: 'listened' }]);
  });

  it('connect() with a callback gives client and release, and a release that does nothing where it fails', async () => {
    await using compared = await start({ poolSize: 1 });
    const { pool } = compared;
    const client = await new Promise<unknown>((resolve) =>
      pool.connect((_error, given, done) => {
        done();
        resolve(given);
      }),
    );
    expect(client).toBeDefined();
    await pool.end();
    const refused = await new Promise((resolve) => pool.connect((error) => resolve(error)));
    expect(message(refused)).toContain('Cannot use a pool after calling end on the pool');
    await expect(pool.connect()).rejects.toThrow('Cannot use a pool after calling end on the pool');
    await expect(pool.query('SELECT 1')).rejects.toThrow('Cannot use a pool after calling end on the pool');
  });

  it('a client may be released once', async () => {
    await using compared = await start({ poolSize: 1 });
    const client = await compared.pool.connect();
    client.release();
    expect(() => client.release()).toThrow('Release called on client which has already been released to the pool.');
  });

  it('end() is heard once: the second call is refused, with a promise and with a callback', async () => {
    await using compared = await start();
    const { pool } = compared;
    const client = await pool.connect();
    expect([pool.ending, pool.ended]).toEqual([false, false]);
    const ended = pool.end();
    expect([pool.ending, pool.ended]).toEqual([true, false]);
    await expect(pool.end()).rejects.toThrow('Called end on pool more than once');
    const told = new Promise((resolve) => pool.end(resolve as () => void));
    expect(message(await told)).toContain('Called end on pool more than once');
    client.release();
    await ended;
    expect([pool.ending, pool.ended, pool.totalCount, pool.idleCount]).toEqual([true, true, 0, 0]);
  });

  it('counts connections and callers', async () => {
    await using compared = await start({ poolSize: 2 });
    const { pool } = compared;
    const clients = [await pool.connect(), await pool.connect()];
    const waiting = pool.connect();
    expect([pool.totalCount, pool.idleCount, pool.waitingCount, pool.expiredCount]).toEqual([2, 0, 1, 0]);
    for (const client of clients) client.release();
    (await waiting).release();
    await expect.poll(() => [pool.totalCount, pool.idleCount, pool.waitingCount, pool.expiredCount]).toEqual([2, 2, 0, 0]);
  });

  it('shows its options with their defaults, and no password', async () => {
    await using compared = await start({ poolSize: 3, applicationName: 'shown', extra: { idleTimeoutMillis: 5_000 } });
    const { options } = compared.pool;
    expect(options).toMatchObject({
      ...server,
      application_name: 'shown',
      max: 3,
      min: 0,
      maxUses: Number.POSITIVE_INFINITY,
      allowExitOnIdle: false,
      maxLifetimeSeconds: 0,
      idleTimeoutMillis: 5_000,
    });
    expect(Object.keys(options)).not.toContain('password');
    expect(inspect(options, { depth: 9 })).not.toContain('plain');
  });
});
