import { queryPostgres, type PostgresAccess } from '@keyturn/dev-services';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { SqlRoleSource } from '../credentials/sql-role-source.fixture.js';
import { PostgresAdapter } from '../driver/postgres/postgres.adapter.js';
import { isDatabaseError } from '../errors/is-database-error.js';
import { RotationController } from '../rotation/rotation-controller.js';
import type { RotationEvent } from '../lifetime/rotation-event.js';
import type { RotationOptions } from '../options/rotation-options.js';
import { RotatingDataSource } from './rotating-data-source.js';
import type { RotatingDataSourceOptions } from './rotating-data-source-options.js';
import { withRotatingDriver } from './with-rotating-driver.js';

export interface RotatingFixtureOptions {
  readonly rotation?: RotationOptions;
  readonly typeorm?: Partial<RotatingDataSourceOptions>;
  readonly ttlMs?: number;
}

/** A data source on users that plain SQL makes, as Vault would, with all that a spec needs to look behind it. */
export class RotatingFixture implements AsyncDisposable {
  readonly source: SqlRoleSource;
  readonly controller: RotationController;
  readonly dataSource: DataSource;
  readonly events: RotationEvent[] = [];

  constructor(
    readonly admin: PostgresAccess,
    readonly group: string,
    { rotation, typeorm, ttlMs }: RotatingFixtureOptions = {},
  ) {
    this.source = new SqlRoleSource({ admin, group, ...(ttlMs === undefined ? {} : { ttlMs }) });
    this.controller = new RotationController({
      source: this.source,
      adapter: new PostgresAdapter(pg),
      ...(rotation === undefined ? {} : { rotation }),
    });
    this.controller.subscribe((event) => this.events.push(event));
    const { host, port, database } = admin;
    this.dataSource = new RotatingDataSource(withRotatingDriver({ type: 'postgres', host, port, database, ...typeorm }, this.controller));
  }

  /** Resolves with the next event of that type, or one that has happened already since the last call. */
  async event<Type extends RotationEvent['type']>(type: Type): Promise<Extract<RotationEvent, { type: Type }>> {
    for (;;) {
      const at = this.events.findIndex((event) => event.type === type);
      if (at >= 0) return this.events.splice(at, 1)[0] as Extract<RotationEvent, { type: Type }>;
      await new Promise<void>((resolve) => {
        const stop = this.controller.subscribe(() => {
          stop();
          resolve();
        });
      });
    }
  }

  /** Sessions of users that the source has made. */
  async sessions(): Promise<number> {
    const [row] = await queryPostgres(
      this.admin,
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename LIKE 'v\\_${this.group}\\_%'`,
    );
    return Number(row?.['n']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy().catch(unlessEnded);
    await this.controller.stop();
  }
}

/** A spec has ended the pool itself: TypeORM's own call is then refused, as with plain pg. */
function unlessEnded(error: unknown): void {
  if (!isDatabaseError(error, 'DATABASE_POOL_CLOSED')) throw error;
}
