import { queryPostgres } from '@keyturn/dev-services';
import {
  Column,
  Entity,
  EventSubscriber,
  PrimaryGeneratedColumn,
  type EntitySubscriberInterface,
  type MigrationInterface,
  type QueryRunner,
} from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture, type RotatingFixtureOptions } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'features';

@Entity({ name: 'features_note' })
class Note {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text')
  text!: string;
}

const inserted: string[] = [];

@EventSubscriber()
class NoteSubscriber implements EntitySubscriberInterface<Note> {
  listenTo(): typeof Note {
    return Note;
  }

  afterInsert({ entity }: { entity: Note }): void {
    inserted.push(entity.text);
  }
}

class SlowMigration1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE features_migrated (id int)');
    await runner.query('SELECT pg_sleep(0.5)');
    await runner.query('INSERT INTO features_migrated VALUES (1)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE features_migrated');
  }
}

beforeAll(async () => {
  await queryPostgres(admin, `CREATE ROLE ${group}; GRANT CREATE, USAGE ON SCHEMA public TO ${group}`);
});
afterAll(async () => {
  await queryPostgres(admin, `DROP OWNED BY ${group}; DROP ROLE ${group}`);
});

async function startFixture(options: RotatingFixtureOptions): Promise<RotatingFixture> {
  const fixture = new RotatingFixture(admin, group, {
    ...options,
    typeorm: { entities: [Note], subscribers: [NoteSubscriber], synchronize: true, ...options.typeorm },
  });
  await fixture.dataSource.initialize();
  return fixture;
}

const login = async (runner: QueryRunner): Promise<string> => {
  const rows = (await runner.query('SELECT session_user AS login')) as unknown as { login: string }[];
  return rows[0]?.login ?? '';
};

describe.each([1, 10, 50])('TypeORM over a flip of the credentials, with a pool of %i', (poolSize) => {
  const start = (options: RotatingFixtureOptions = {}): Promise<RotatingFixture> =>
    startFixture({ ...options, typeorm: { poolSize, ...options.typeorm } });

  beforeAll(() => queryPostgres(admin, 'DROP TABLE IF EXISTS features_note, "query-result-cache"'));

  it.each(['READ UNCOMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'] as const)(
    'finishes a transaction of isolation level %s on the old credentials',
    async (level) => {
      await using fixture = await start();
      await fixture.dataSource.transaction(level, async (manager) => {
        const before = await login(manager.queryRunner!);
        await fixture.controller.refreshNow();
        await manager.save(Note, { text: level });
        expect(await login(manager.queryRunner!)).toBe(before);
        const [row] = await manager.query<{ level: string }[]>(`SELECT current_setting('transaction_isolation') AS level`);
        expect(row?.level).toBe(level.toLowerCase());
      });
      expect(await fixture.dataSource.getRepository(Note).countBy({ text: level })).toBe(1);
    },
  );

  it('keeps nested transactions: the inner one rolls back alone', async () => {
    await using fixture = await start();
    await fixture.dataSource.transaction(async (outer) => {
      await outer.save(Note, { text: 'outer' });
      const inner = outer.transaction(async (manager) => {
        await manager.save(Note, { text: 'inner' });
        await fixture.controller.refreshNow();
        throw new Error('roll back');
      });
      await expect(inner).rejects.toThrow('roll back');
    });
    const notes = fixture.dataSource.getRepository(Note);
    expect([await notes.countBy({ text: 'outer' }), await notes.countBy({ text: 'inner' })]).toEqual([1, 0]);
  });

  it('leaves a query runner that is held on the old credentials until it is released, and only then revokes them', async () => {
    await using fixture = await start();
    const held = fixture.dataSource.createQueryRunner();
    const before = await login(held);
    await fixture.controller.refreshNow();
    expect(await login(held)).toBe(before);
    expect(await fixture.source.liveRoles()).toContain(before);
    await held.release();
    await fixture.event('credentialsRevoked');
    expect(await fixture.source.liveRoles()).not.toContain(before);
  });

  it('delivers all rows of a stream', async () => {
    await using fixture = await start();
    const runner = fixture.dataSource.createQueryRunner();
    const rows = await runner.stream('SELECT n FROM generate_series(1, 5000) n');
    let count = 0;
    for await (const _ of rows) {
      count += 1;
      if (count === 100) await fixture.controller.refreshNow();
    }
    await runner.release();
    expect(count).toBe(5_000);
  });

  it('ends a stream whose connection breaks with an error, wherever its reader is', async () => {
    await using fixture = await start();
    for (const rowsBefore of [1, 150, 199]) {
      const runner = fixture.dataSource.createQueryRunner();
      const rows = await runner.stream('SELECT n, pg_backend_pid() AS pid FROM generate_series(1, 200000) n');
      const reading = (async () => {
        let count = 0;
        for await (const row of rows as AsyncIterable<{ pid: number }>) {
          count += 1;
          if (count === rowsBefore) await queryPostgres(admin, 'SELECT pg_terminate_backend($1)', [row.pid]);
        }
      })();
      await expect(reading).rejects.toThrow(/terminat|EPIPE|ECONNRESET/);
      await runner.release();
    }
  });

  it('delivers notifications to a LISTEN connection until its drain deadline, then closes it with a typed error', async () => {
    await using fixture = await start({ rotation: { drainMs: 500 } });
    const runner = fixture.dataSource.createQueryRunner();
    const client = (await runner.connect()) as NodeJS.EventEmitter;
    await runner.query('LISTEN news');
    await fixture.controller.refreshNow();
    const heard = new Promise((resolve) => client.once('notification', resolve));
    const closed = new Promise((resolve) => client.once('error', resolve));
    await queryPostgres(admin, "NOTIFY news, 'fresh'");
    expect(await heard).toMatchObject({ payload: 'fresh' });
    expect(await closed).toMatchObject({ code: 'DATABASE_DRAIN_DEADLINE_EXCEEDED' });
    expect(await fixture.event('generationDrained')).toMatchObject({ terminated: 1 });
  });

  it('runs a migration to its end', async () => {
    await using fixture = await start({ typeorm: { migrations: [SlowMigration1700000000000] } });
    const migrating = fixture.dataSource.runMigrations();
    await fixture.controller.refreshNow();
    expect(await migrating).toHaveLength(1);
    expect(await fixture.dataSource.query('SELECT id FROM features_migrated')).toEqual([{ id: 1 }]);
    await fixture.dataSource.undoLastMigration();
  });

  // With a pool of one, plain TypeORM waits for ever as well: it stores the answer on a second connection while it holds the first.
  it.runIf(poolSize > 1)('answers from the query cache (not with a pool of 1: TypeORM needs two connections)', async () => {
    await using fixture = await start({ typeorm: { cache: true } });
    const notes = fixture.dataSource.getRepository(Note);
    const cached = (): Promise<Note[]> => notes.find({ where: { text: 'cached' }, cache: { id: 'notes', milliseconds: 60_000 } });
    expect(await cached()).toEqual([]);
    await notes.save({ text: 'cached' });
    await fixture.controller.refreshNow();
    expect(await cached()).toEqual([]);
    await fixture.dataSource.queryResultCache?.remove(['notes']);
    expect(await cached()).toHaveLength(1);
  });

  it('calls subscribers', async () => {
    await using fixture = await start();
    await fixture.controller.refreshNow();
    await fixture.dataSource.getRepository(Note).save({ text: 'announced' });
    expect(inserted).toContain('announced');
  });

  it('serves again after destroy() and initialize(), and rotates the new pool only', async () => {
    await using fixture = await start();
    await fixture.dataSource.destroy();
    expect(await fixture.sessions()).toBe(0);
    await fixture.dataSource.initialize();
    await fixture.controller.refreshNow();
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(fixture.controller.snapshot().pools).toHaveLength(1);
  });

  describe('with read replicas', () => {
    const server = { host: admin.host, port: admin.port, database: admin.database };

    it('flips the master and every replica together', async () => {
      await using fixture = await start({ typeorm: { replication: { master: server, slaves: [server, server] } } });
      await fixture.controller.refreshNow();
      expect(fixture.controller.snapshot().pools.map(({ generation }) => generation)).toEqual([2, 2, 2]);
      await fixture.event('credentialsRevoked');
      expect(await fixture.source.liveRoles()).toHaveLength(1);
    });

    it('flips none when one does not accept the new credentials, and revokes these', async () => {
      const rotation = { credentialBudgetMs: 2_000 };
      await using fixture = await start({ rotation, typeorm: { replication: { master: server, slaves: [server] } } });
      const [serving] = await fixture.source.liveRoles();
      fixture.source.brokenLogins = true;
      await expect(fixture.controller.refreshNow()).rejects.toMatchObject({ code: 'DATABASE_LOGIN_REJECTED' });
      expect(fixture.controller.snapshot()).toMatchObject({ generation: 1, lastFailure: { code: 'DATABASE_LOGIN_REJECTED' } });
      expect(fixture.controller.snapshot().pools.map(({ generation }) => generation)).toEqual([1, 1]);
      expect(await fixture.source.liveRoles()).toEqual([serving]);
    });
  });
});
