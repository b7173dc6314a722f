import { queryPostgres, type PostgresAccess } from '@keyturn/dev-services';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';
import type { RotatingDataSourceOptions } from '../../rotating-data-source-options.js';

/** A data source to compare with another. */
export interface ComparedDataSource extends AsyncDisposable {
  readonly dataSource: DataSource;
  /** The pool of the master, as applications reach it. */
  readonly pool: Pool;
}

export type StartCompared = (options?: Partial<RotatingDataSourceOptions>) => Promise<ComparedDataSource>;

/** The same data source three times: on plain pg, on the rotating pool, and on the rotating pool after a flip. */
export function comparedDataSources(admin: PostgresAccess, group: string): readonly (readonly [string, StartCompared])[] {
  const login = `${group}_login`;
  return [
    ['plain pg', (options) => startPlain(admin, login, options)],
    ['the rotating pool', (options) => startRotating(admin, group, { ...options, flips: 0 })],
    ['the rotating pool after a flip', (options) => startRotating(admin, group, { ...options, flips: 1 })],
  ];
}

/** Both kinds of users have the rights of `group`. */
export async function createComparedRoles(admin: PostgresAccess, group: string): Promise<void> {
  await queryPostgres(
    admin,
    `CREATE ROLE ${group}; GRANT CREATE, USAGE ON SCHEMA public TO ${group};
     CREATE ROLE ${group}_login LOGIN PASSWORD 'plain' IN ROLE ${group}; ALTER ROLE ${group}_login SET role = '${group}'`,
  );
}

export async function dropComparedRoles(admin: PostgresAccess, group: string): Promise<void> {
  await queryPostgres(admin, `DROP OWNED BY ${group}; DROP ROLE ${group}_login; DROP ROLE ${group}`);
}

/** Takes note of the events of `pool` from now on. */
export function eventsOf(pool: Pool): string[] {
  const seen: string[] = [];
  for (const event of ['connect', 'acquire', 'release', 'remove', 'error'] as const) pool.on(event, () => seen.push(event));
  return seen;
}

async function startPlain(
  { host, port, database }: PostgresAccess,
  username: string,
  { replication, ...options }: Partial<RotatingDataSourceOptions> = {},
): Promise<ComparedDataSource> {
  const login = { username, password: 'plain' };
  const withLogin = <Server extends object>(server: Server): Server & typeof login => Object.assign({}, server, login);
  const dataSource = new DataSource({
    type: 'postgres',
    host,
    port,
    database,
    ...login,
    ...options,
    ...(replication && {
      replication: { ...replication, master: withLogin(replication.master), slaves: replication.slaves.map(withLogin) },
    }),
  });
  await dataSource.initialize();
  return compared(dataSource, () => Promise.resolve());
}

async function startRotating(
  admin: PostgresAccess,
  group: string,
  { flips, ...typeorm }: Partial<RotatingDataSourceOptions> & { readonly flips: number },
): Promise<ComparedDataSource> {
  const fixture = new RotatingFixture(admin, group, { typeorm });
  await fixture.dataSource.initialize();
  for (let flip = 0; flip < flips; flip += 1) {
    await fixture.controller.refreshNow();
    await fixture.event('credentialsRevoked');
  }
  return compared(fixture.dataSource, () => fixture.controller.stop());
}

function compared(dataSource: DataSource, stop: () => Promise<void>): ComparedDataSource {
  const { master } = dataSource.driver as unknown as { readonly master: Pool };
  return {
    dataSource,
    pool: master,
    [Symbol.asyncDispose]: async () => {
      if (dataSource.isInitialized) await dataSource.destroy().catch(() => undefined);
      await stop();
    },
  };
}
