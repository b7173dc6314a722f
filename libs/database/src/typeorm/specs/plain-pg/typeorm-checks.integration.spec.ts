import { queryPostgres } from '@keyturn/dev-services';
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
  type QueryRunner,
} from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { LogLines } from '../log-lines.fixture.js';
import { comparedDataSources, createComparedRoles, dropComparedRoles, eventsOf } from './plain-and-rotating.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'checked';
const server = { host: admin.host, port: admin.port, database: admin.database };

@Entity({ name: 'checked_tag' })
class Tag {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text')
  name!: string;
}

@Entity({ name: 'checked_post' })
class Post {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text', { unique: true })
  title!: string;

  @ManyToMany(() => Tag, { cascade: true })
  @JoinTable({ name: 'checked_post_tags' })
  tags!: Tag[];
}

const entities = [Post, Tag];

beforeAll(() => createComparedRoles(admin, group));
afterAll(() => dropComparedRoles(admin, group));

const applicationName = async (runner: QueryRunner): Promise<string> =>
  ((await runner.query("SELECT current_setting('application_name') AS name")) as { name: string }[])[0]!.name;

const modeOf = async (dataSource: DataSource, mode?: 'master' | 'slave'): Promise<string[]> => {
  await using runner = dataSource.createQueryRunner(mode);
  return [runner.getReplicationMode(), await applicationName(runner)];
};
const readFrom = async (dataSource: DataSource): Promise<unknown> => {
  const read = dataSource.manager.createQueryBuilder(Post, 'post').select("current_setting('application_name')", 'name');
  return read.getRawOne<{ name: string }>().then((row) => row?.name);
};
const title = (): string => "current_setting('application_name')";

const drop = 'DROP TABLE IF EXISTS checked_post_tags, checked_post, checked_tag';
const backend = async (client: PoolClient): Promise<number> =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;

describe.each(comparedDataSources(admin, group))('What TypeORM checks of its pools, on %s', (_, start) => {
  beforeEach(() => queryPostgres(admin, drop));

  describe('a transaction', () => {
    it('acquires one connection, however much it loads', async () => {
      await using compared = await start({ entities, synchronize: true });
      const { manager } = compared.dataSource;
      const { id } = await manager.save(Post, { title: 'one', tags: [{ name: 'a' }, { name: 'b' }] });
      const seen = eventsOf(compared.pool);
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
      const seen = eventsOf(compared.pool);
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
      const seen = eventsOf(compared.pool);
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
      const logger = new LogLines();
      await using compared = await start({ logNotifications: true, logger, poolSize: 1 });
      await compared.dataSource.query("DO $$ BEGIN RAISE NOTICE 'noticed'; END $$");
      await compared.dataSource.query("LISTEN heard; NOTIFY heard, 'news'");
      await expect.poll(() => logger.lines).toEqual(['noticed', 'Received NOTIFY on channel heard: news.']);
    });

    it('logs neither without it', async () => {
      const logger = new LogLines();
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
      const seen = eventsOf(compared.pool);
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
