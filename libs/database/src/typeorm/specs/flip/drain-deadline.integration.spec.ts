import { queryPostgres } from '@keyturn/dev-services';
import { Column, Entity, PrimaryColumn, type QueryRunner } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture, type RotatingFixtureOptions } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'deadline';
const code = 'DATABASE_DRAIN_DEADLINE_EXCEEDED';

@Entity({ name: 'deadline_row' })
class Row {
  @PrimaryColumn('int')
  id!: number;

  @Column('text')
  text!: string;
}

beforeAll(() =>
  queryPostgres(
    admin,
    `CREATE ROLE ${group}; CREATE TABLE deadline_row (id int PRIMARY KEY, text text); GRANT ALL ON deadline_row TO ${group}`,
  ),
);
afterAll(() => queryPostgres(admin, `DROP OWNED BY ${group}; DROP TABLE deadline_row; DROP ROLE ${group}`));

async function start(options: RotatingFixtureOptions): Promise<RotatingFixture> {
  const fixture = new RotatingFixture(admin, group, { ...options, typeorm: { entities: [Row] } });
  await fixture.dataSource.initialize();
  return fixture;
}

async function inTransaction(fixture: RotatingFixture): Promise<QueryRunner> {
  const runner = fixture.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.manager.insert(Row, { id: 1, text: 'lost' });
  return runner;
}

/** A query runner that is idle in a transaction when the drain deadline passes. */
async function overdue(fixture: RotatingFixture): Promise<QueryRunner> {
  const runner = await inTransaction(fixture);
  const { generation } = fixture.controller.snapshot();
  await fixture.controller.refreshNow();
  for (;;) if ((await fixture.event('generationDrained')).generation === generation) return runner;
}

const failureOf = (work: Promise<unknown>): Promise<{ code?: string; message: string; setting?: string }> =>
  work.then(
    () => ({ message: 'it succeeded' }),
    (error: Error) => error,
  );

describe('A transaction that is idle at the drain deadline', () => {
  it.each<[string, (runner: QueryRunner) => Promise<unknown>]>([
    ['its next statement', (runner) => runner.query('SELECT 1')],
    ['its commit', (runner) => runner.commitTransaction()],
    ['its rollback', (runner) => runner.rollbackTransaction()],
    ['a nested transaction', (runner) => runner.startTransaction()],
    ['a statement of its entity manager', (runner) => runner.manager.query('SELECT 1')],
    ['a find', (runner) => runner.manager.find(Row)],
    ['a save', (runner) => runner.manager.save(Row, { id: 2, text: 'b' })],
    ['a query builder', (runner) => runner.manager.createQueryBuilder(Row, 'row').getMany()],
    ['a transaction of its entity manager', (runner) => runner.manager.transaction((manager) => manager.query('SELECT 1'))],
    ['a stream', (runner) => runner.stream('SELECT 1')],
    ['taking the connection', (runner) => runner.connect()],
  ])('gives %s the documented code, and leaves nothing behind', async (_, next) => {
    await using fixture = await start({ rotation: { drainMs: 100 } });
    const runner = await overdue(fixture);
    expect(await failureOf(next(runner))).toMatchObject({ code });
    expect(await failureOf(next(runner))).toMatchObject({ code });
    await runner.release();
    expect(runner.isReleased).toBe(true);
    await expect(runner.query('SELECT 1')).rejects.toThrow('Query runner already released');
    expect(fixture.controller.snapshot().pools[0]).toMatchObject({ inUse: 0, waiting: 0 });
    expect(await fixture.dataSource.getRepository(Row).count()).toBe(0);
  });

  it('tells the function of transaction() so, and the caller', async () => {
    await using fixture = await start({ rotation: { drainMs: 100 } });
    const transaction = fixture.dataSource.transaction(async (manager) => {
      await manager.insert(Row, { id: 1, text: 'lost' });
      await fixture.controller.refreshNow();
      await fixture.event('generationDrained');
      await manager.insert(Row, { id: 2, text: 'lost' });
    });
    expect(await failureOf(transaction)).toMatchObject({ code, setting: 'rotation.drainMs' });
    expect(await fixture.dataSource.getRepository(Row).count()).toBe(0);
  });
});

describe('The error of a connection that was still in use says why it was closed', () => {
  it('when the drain time was over', async () => {
    await using fixture = await start({ rotation: { drainMs: 100 } });
    const runner = await overdue(fixture);
    const failure = await failureOf(runner.query('SELECT 1'));
    expect(failure).toMatchObject({ code, setting: 'rotation.drainMs' });
    expect(failure.message).toMatch(/replaced \d+ ms ago .* shorter than rotation\.drainMs, or raise it\.$/);
    await runner.release();
  });

  it('when the credentials ended before the drain time was over', async () => {
    await using fixture = await start({ ttlMs: 4_000, rotation: { drainMs: 60_000 } });
    const runner = await overdue(fixture);
    const failure = await failureOf(runner.query('SELECT 1'));
    expect(failure).toMatchObject({ code, setting: 'rotation.atFraction' });
    expect(failure.message).toContain('they end before the drain time is over');
    expect(failure.message).not.toContain('rotation.drainMs');
    await runner.release();
  });

  it('when the application stopped', async () => {
    await using fixture = await start({ rotation: { shutdownMs: 300 } });
    const runner = await inTransaction(fixture);
    await fixture.controller.stop();
    const failure = await failureOf(runner.commitTransaction());
    expect(failure).toMatchObject({ code, setting: 'rotation.shutdownMs' });
    expect(failure.message).toContain('the application stops');
    expect(failure.message).not.toContain('replaced');
    await runner.release();
  });
});
