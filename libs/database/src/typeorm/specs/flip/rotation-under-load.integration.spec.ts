import { queryPostgres } from '@keyturn/dev-services';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SqlRoleSource } from '../../../credentials/sql-role-source.fixture.js';
import { PostgresAdapter } from '../../../driver/postgres/postgres.adapter.js';
import { withRotatingDriver } from '../../with-rotating-driver.js';
import { RotationController } from '../../../rotation/rotation-controller.js';

const admin = inject('servers').postgres.superuser;
const group = 'rotation_load';

beforeAll(async () => {
  await queryPostgres(
    admin,
    `CREATE ROLE ${group}; CREATE TABLE load (id serial PRIMARY KEY, n int); GRANT ALL ON load, load_id_seq TO ${group}`,
  );
});
afterAll(async () => {
  await queryPostgres(admin, `DROP TABLE load; DROP ROLE ${group}`);
});

describe('A rotating data source', () => {
  describe.each([1, 10, 50])('with a pool of %i under the load of 32 workers', (poolSize) => {
    it('fails no operation over 10 rotations and leaves no role and no connection', async () => {
      const source = new SqlRoleSource({ admin, group });
      const controller = new RotationController({ source, adapter: new PostgresAdapter(pg), rotation: { drainMs: 5_000 } });
      const dataSource = new DataSource(
        withRotatingDriver({ type: 'postgres', host: admin.host, port: admin.port, database: admin.database, poolSize }, controller),
      );
      await dataSource.initialize();
      const stopped = new AbortController();
      let operations = 0;
      const failures: unknown[] = [];
      const worker = async (): Promise<void> => {
        while (!stopped.signal.aborted) {
          try {
            await dataSource.query('SELECT 1');
            await dataSource.transaction(async (manager) => {
              await manager.query('INSERT INTO load (n) VALUES (1)');
              await manager.query('SELECT count(*) FROM load WHERE id = 1');
            });
            operations += 2;
          } catch (error) {
            failures.push(error);
          }
        }
      };
      const workers = Array.from({ length: 32 }, worker);
      for (let rotation = 0; rotation < 10; rotation += 1) await controller.refreshNow();
      stopped.abort();
      await Promise.all(workers);
      await dataSource.destroy();
      await controller.stop();
      expect(failures).toEqual([]);
      expect(operations).toBeGreaterThan(100);
      expect(await source.liveRoles()).toEqual([]);
      const sessions = await queryPostgres(admin, `SELECT usename FROM pg_stat_activity WHERE usename LIKE 'v\\_${group}%'`);
      expect(sessions).toEqual([]);
    });
  });
});
