import { DataSource, type DataSourceOptions } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { controllerOf } from './rotating-driver.js';
import { RotatingQueryRunner } from './rotating-query-runner.js';

/**
 * A data source on a rotating driver that leaves nothing behind when it cannot start. TypeORM forgets its pools when they have started but
 * the first statement fails or the server of the query cache is away, and @nestjs/typeorm then builds a new data source: they would be
 * rotated for nobody. Whatever the reason is, credentials that no pool uses are revoked.
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
    // It only fails then, and that must not end what works.
    if (this.isInitialized) return super.initialize();
    try {
      return await super.initialize();
    } catch (error) {
      // Fails where TypeORM knows no pool: none has started, or it has closed them itself.
      await this.driver.disconnect().catch(() => undefined);
      await controllerOf(this.options)?.startFailed(error);
      throw error;
    }
  }
}
