import { DevServices, queryPostgres, type PostgresAccess } from '@keyturn/dev-services';
import { RotatingFixture, type RotatingFixtureOptions } from '../rotating-data-source.fixture.js';
import { codeOf, underLoad } from './load.fixture.js';

const group = 'faults';

/** A PostgreSQL of the spec's own: specs stop it, and use up its 30 connections. */
export class FaultyDatabase {
  readonly admin: PostgresAccess;

  static async start(): Promise<FaultyDatabase> {
    const services = await DevServices.start({ postgres: { settings: { max_connections: 30 } } });
    const { superuser } = services.postgres;
    await queryPostgres(superuser, `CREATE ROLE ${group}; CREATE TABLE ledger (n int); GRANT ALL ON ledger TO ${group}`);
    return new FaultyDatabase(services);
  }

  constructor(readonly services: DevServices) {
    this.admin = services.postgres.superuser;
  }

  /** A data source on users of this database that has not started. */
  fixture(options: RotatingFixtureOptions = {}): RotatingFixture {
    return new RotatingFixture(this.admin, group, options);
  }

  async started(options: RotatingFixtureOptions = {}): Promise<RotatingFixture> {
    const fixture = this.fixture(options);
    await fixture.dataSource.initialize();
    return fixture;
  }
}

/** Eight workers read the ledger while `action` runs. @returns the codes of what failed */
export async function codesUnderLoad({ dataSource }: RotatingFixture, action: () => Promise<unknown>): Promise<string[]> {
  const { failures } = await underLoad({ work: [() => dataSource.query('SELECT count(*) FROM ledger')], workers: 8 }, action);
  return failures.map(codeOf);
}
