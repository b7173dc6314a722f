import { queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'start_again';

beforeAll(() => queryPostgres(admin, `CREATE ROLE ${group}`));
afterAll(() => queryPostgres(admin, `DROP ROLE ${group}`));

describe('A data source that was destroyed and starts again', () => {
  it('takes new credentials where the earlier ones were dropped meanwhile', async () => {
    await using fixture = new RotatingFixture(admin, group);
    const { dataSource, controller } = fixture;
    await dataSource.initialize();
    await dataSource.destroy();
    const { username } = controller.snapshot();
    await queryPostgres(admin, `DROP ROLE ${username}`);
    await dataSource.initialize();
    expect(controller.snapshot().username).not.toBe(username);
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
