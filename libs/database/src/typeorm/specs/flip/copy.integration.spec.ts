import { queryPostgres } from '@keyturn/dev-services';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { copy } from './copy.fixture.js';
import { RotatingFixture, type RotatingFixtureOptions } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'copying';

beforeAll(() => queryPostgres(admin, `CREATE ROLE ${group}; CREATE TABLE copied (n int); GRANT ALL ON copied TO ${group}`));
afterAll(() => queryPostgres(admin, `DROP TABLE copied; DROP ROLE ${group}`));

async function start(options: RotatingFixtureOptions = {}): Promise<RotatingFixture> {
  const fixture = new RotatingFixture(admin, group, { ...options, typeorm: { poolSize: 2 } });
  await fixture.dataSource.initialize();
  return fixture;
}

const copied = async (): Promise<unknown> => (await queryPostgres(admin, 'SELECT count(*)::int AS n FROM copied'))[0]?.['n'];

describe('A COPY that runs across a flip', () => {
  it('to the database stores every row, and the old credentials live until then', async () => {
    await using fixture = await start();
    const runner = fixture.dataSource.createQueryRunner();
    const client = (await runner.connect()) as Client;
    const during = async (): Promise<void> => {
      await fixture.controller.refreshNow();
      expect(await fixture.source.liveRoles()).toHaveLength(2);
    };
    const { done } = await copy(client, { sql: 'COPY copied FROM STDIN', pieces: ['1\n2\n', '3\n', '4\n'], during });
    expect([done, await copied()]).toEqual(['COPY 4', 4]);
    await runner.release();
    expect(await fixture.event('generationDrained')).toMatchObject({ terminated: 0 });
  });

  it('from the database delivers every row', async () => {
    await using fixture = await start();
    const runner = fixture.dataSource.createQueryRunner();
    const client = (await runner.connect()) as Client;
    const sql = 'COPY (SELECT n FROM generate_series(1, 200000) n) TO STDOUT';
    const { text, done } = await copy(client, { sql, during: () => fixture.controller.refreshNow() });
    expect([done, text.split('\n').length, text.endsWith('\n200000\n')]).toEqual(['COPY 200000', 200_000 + 1, true]);
    await runner.release();
    expect(await fixture.event('generationDrained')).toMatchObject({ terminated: 0 });
  });

  it('to the database and does not end by the drain deadline fails with the typed error, and stores nothing', async () => {
    await using fixture = await start({ rotation: { drainMs: 200 } });
    const before = await copied();
    const runner = fixture.dataSource.createQueryRunner();
    const client = (await runner.connect()) as Client;
    const during = async (): Promise<void> => {
      await fixture.controller.refreshNow();
      await new Promise(() => undefined);
    };
    const copying = copy(client, { sql: 'COPY copied FROM STDIN', pieces: ['5\n'], during });
    await expect(copying).rejects.toMatchObject({ code: 'DATABASE_DRAIN_DEADLINE_EXCEEDED', setting: 'rotation.drainMs' });
    expect(await fixture.event('generationDrained')).toMatchObject({ terminated: 1 });
    expect(await copied()).toBe(before);
  });
});
