import { queryPostgres } from '@keyturn/dev-services';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';
import { underLoad } from '../load.fixture.js';
import { withRotatingDriver } from '../../with-rotating-driver.js';

const admin = inject('servers').postgres.superuser;
const group = 'shared_source';
const server = { host: admin.host, port: admin.port, database: admin.database };

beforeAll(() => queryPostgres(admin, `CREATE ROLE ${group}; CREATE TABLE shared (n int); GRANT ALL ON shared TO ${group}`));
afterAll(() => queryPostgres(admin, `DROP TABLE shared; DROP ROLE ${group}`));

describe('Two data sources on one source of credentials, one of them with read replicas', () => {
  it('rotate together under load, without a failed query and with one user at a time for both', async () => {
    await using fixture = new RotatingFixture(admin, group, { typeorm: { poolSize: 4 }, rotation: { drainMs: 5_000 } });
    const replicated = new DataSource(
      withRotatingDriver({ type: 'postgres', poolSize: 4, replication: { master: server, slaves: [server, server] } }, fixture.controller),
    );
    await Promise.all([fixture.dataSource.initialize(), replicated.initialize()]);

    const work = [
      () => fixture.dataSource.query('SELECT count(*) FROM shared'),
      () => fixture.dataSource.transaction((manager) => manager.query('INSERT INTO shared VALUES (1)')),
      () => replicated.transaction((manager) => manager.query('INSERT INTO shared VALUES (2)')),
      () => replicated.createQueryBuilder().select('count(*)').from('shared', 'shared').getRawOne(),
    ];
    const { failures, operations } = await underLoad({ work, workers: 16 }, async () => {
      for (let rotation = 0; rotation < 10; rotation += 1) {
        await fixture.controller.refreshNow();
        const generations = fixture.controller.snapshot().pools.map(({ generation }) => generation);
        expect(generations).toEqual(Array.from({ length: 4 }, () => rotation + 2));
      }
    });
    expect(failures).toEqual([]);
    expect(operations).toBeGreaterThan(100);
    expect(fixture.source.issued).toHaveLength(11);

    await replicated.destroy();
    expect(fixture.controller.snapshot().pools).toHaveLength(1);
    await fixture[Symbol.asyncDispose]();
    expect(await fixture.source.liveRoles()).toEqual([]);
    expect(await fixture.sessions()).toBe(0);
  });
});
