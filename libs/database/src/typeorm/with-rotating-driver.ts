import type { DataSourceOptions } from 'typeorm';
import type { PostgresModule } from '../driver/postgres/postgres-client.js';
import type { RotationController } from '../rotation/rotation-controller.js';
import { checkConnectionBound, checkDataSourceOptions } from './check-data-source-options.js';
import { resolveDataSourceOptions } from './resolve-data-source-options.js';
import { rotatingDriver } from './rotating-driver.js';
import type { RotatingDataSourceOptions } from './rotating-data-source-options.js';

/**
 * The data source options with the rotating driver put in. All others keep their meaning.
 * @throws DatabaseConfigurationError for an option that would win over the credentials, that cannot be honoured, or that does not hold
 * what it should
 * @example new RotatingDataSource(withRotatingDriver({ type: 'postgres', host: 'db', database: 'app' }, controller))
 */
export function withRotatingDriver<Options extends RotatingDataSourceOptions>(
  options: Options,
  controller: RotationController,
): Options & DataSourceOptions {
  checkDataSourceOptions(options);
  const resolved = resolveDataSourceOptions(options);
  checkConnectionBound(resolved, controller.poolContext.maxConnections);
  const driver = (options.driver ?? undefined) as PostgresModule | undefined;
  const pools = 1 + (resolved.replication?.slaves.length ?? 0);
  // Without it TypeORM looks for pg-native, in vain, for a millisecond of the start.
  return { ...resolved, nativeDriver: false, driver: rotatingDriver(controller, { driver, pools }) };
}
