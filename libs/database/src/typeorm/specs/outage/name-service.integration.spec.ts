import { lookup } from 'node:dns';
import { Socket, type LookupFunction } from 'node:net';
import { queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture, type RotatingFixtureOptions } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'name_service';

beforeAll(() => queryPostgres(admin, `CREATE ROLE ${group}`));
afterAll(() => queryPostgres(admin, `DROP ROLE ${group}`));

/** Resolves one name, unless it is away: then none exists. */
class NameService {
  isAway = false;

  /** Options of a data source that reaches the database by a name. */
  typeorm(connectTimeoutMS: number): NonNullable<RotatingFixtureOptions['typeorm']> {
    return { host: 'database.test', connectTimeoutMS, extra: { stream: () => this.#socket() } };
  }

  #socket(): Socket {
    const socket = new Socket();
    const connect = socket.connect.bind(socket);
    const resolve: LookupFunction = (_name, options, done) => {
      if (this.isAway) done(Object.assign(new Error('getaddrinfo ENOTFOUND database.test'), { code: 'ENOTFOUND' }), '', 0);
      else lookup(admin.host, options, done);
    };
    return Object.assign(socket, { connect: (port: number, host: string) => connect({ port, host, lookup: resolve }) });
  }
}

describe('A host name that does not resolve', () => {
  it('at the first start is a wrong setting, and costs nothing of the mint budget', async () => {
    const names = new NameService();
    names.isAway = true;
    await using fixture = new RotatingFixture(admin, group, { typeorm: names.typeorm(10_000), rotation: { mintBudget: 1 } });
    await expect(fixture.dataSource.initialize()).rejects.toMatchObject({
      code: 'DATABASE_CONFIGURATION_INVALID',
      setting: 'typeorm.host',
    });
    names.isAway = false;
    await fixture.dataSource.initialize();
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('for a while after it did resolve keeps callers waiting, and none fails', async () => {
    const names = new NameService();
    await using fixture = new RotatingFixture(admin, group, { typeorm: { ...names.typeorm(10_000), poolSize: 2 } });
    await fixture.dataSource.initialize();
    names.isAway = true;
    await queryPostgres(admin, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'v\\_${group}\\_%'`);
    await expect.poll(() => fixture.controller.snapshot().pools[0]?.connections).toBe(0);
    const waiting = [fixture.dataSource.query('SELECT 1 AS one'), fixture.dataSource.query('SELECT 1 AS one')];
    await expect.poll(() => fixture.controller.snapshot().pools[0]?.outage).toBe('ENOTFOUND');
    names.isAway = false;
    expect(await Promise.all(waiting)).toEqual([[{ one: 1 }], [{ one: 1 }]]);
  });

  it('for a while after it did resolve delays a rotation, and keeps the credentials that could not be proved', async () => {
    const names = new NameService();
    const options = { typeorm: { ...names.typeorm(200), poolSize: 2 }, rotation: { mintBudget: 1 } };
    await using fixture = new RotatingFixture(admin, group, options);
    await fixture.dataSource.initialize();
    names.isAway = true;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(fixture.controller.refreshNow()).rejects.toMatchObject({
        code: 'DATABASE_SERVER_UNREACHABLE',
        setting: 'typeorm.host',
      });
    }
    names.isAway = false;
    await fixture.controller.refreshNow();
    expect(fixture.source.issued).toHaveLength(1 + 1);
  });
});
