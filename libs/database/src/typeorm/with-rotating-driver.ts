import type { DataSourceOptions } from 'typeorm';
import type { PostgresModule } from '../driver/postgres-client.js';
import type { RotationController } from '../rotation/rotation-controller.js';
import { checkConnectionBound, checkDataSourceOptions } from './check-data-source-options.js';
import { rotatingDriver } from './rotating-driver.js';
import type { RotatingDataSourceOptions } from './rotating-data-source-options.js';

/**
 * The data source options with the rotating driver put in. All others keep their meaning.
 * @throws DatabaseConfigurationError for an option that would win over the credentials, or that cannot be honoured
 * @example new DataSource(withRotatingDriver({ type: 'postgres', host: 'db', database: 'app' }, controller))
 */
export function withRotatingDriver<Options extends RotatingDataSourceOptions>(
  options: Options,
  controller: RotationController,
): Options & DataSourceOptions {
  checkDataSourceOptions(options);
  checkConnectionBound(options, controller.poolContext.maxConnections);
  const driver = options.driver as PostgresModule | undefined;
  const pools = 1 + (options.replication?.slaves.length ?? 0);
  return { ...options, driver: rotatingDriver(controller, { driver, pools }) };
}
