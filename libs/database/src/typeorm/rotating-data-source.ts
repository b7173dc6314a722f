import { DataSource, type DataSourceOptions } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { controllerOf } from './rotating-driver.js';
import { RotatingQueryRunner } from './rotating-query-runner.js';

/**
 * TypeORM's data source with one gap closed. TypeORM forgets its pools when the pools have started, but the first statement
 * fails or the server of the query cache is away. @nestjs/typeorm then builds a new data source, and the forgotten pools would be rotated
 * for nobody. So the pools are closed here, and credentials that no pool uses are revoked, whatever the reason is.
 *
 * The folder `typeorm/` decides which options of a TypeORM data source are taken, how the rotating pool stands where TypeORM expects
 * `pg.Pool`, and what is left when a data source cannot start: nothing. It does not decide which connection a caller gets (`pool/`,
 * `queue/`), nor when credentials are replaced (`rotation/`), and it knows nothing of Nest.
 */
export class RotatingDataSource extends DataSource {
  constructor(options: DataSourceOptions) {
    super(options);
    const driver = this.driver as PostgresDriver;
    driver.createQueryRunner = (mode) => new RotatingQueryRunner(driver, mode);
  }

  /** As TypeORM's, but no longer than the shutdown of the application may take. */
  override destroy(): Promise<void> {
    const destroyed = super.destroy();
    return controllerOf(this.options)?.withinShutdown(destroyed) ?? destroyed;
  }

  override async initialize(): Promise<this> {
    // TypeORM refuses a second start. That refusal must not end the pools that work.
    if (this.isInitialized) return super.initialize();
    try {
      return await super.initialize();
    } catch (error) {
      // disconnect() fails where TypeORM knows no pool: no pool has started, or TypeORM has closed the pools itself.
      await this.driver.disconnect().catch(() => undefined);
      await controllerOf(this.options)?.startFailed(error);
      throw error;
    }
  }
}
