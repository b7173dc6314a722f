import pg from 'pg';
import type { PostgresModule } from '../driver/postgres-client.js';
import { RotatingPool } from '../pool/rotating-pool.js';
import type { RotationController } from '../rotation/rotation-controller.js';

/**
 * What TypeORM takes as its `driver` option: `pg` with a `Pool` whose credentials `controller` replaces.
 * By spread, so that pg's `native`, which is not enumerable, stays out: TypeORM would prefer it.
 * @param driver stands in for the `pg` package, for example an instrumented one
 */
export function rotatingDriver(controller: RotationController, driver: PostgresModule = pg): PostgresModule {
  const context = controller.poolContext;
  class BoundRotatingPool extends RotatingPool {
    constructor(options: object) {
      super(options, context);
    }
  }
  return { ...driver, Pool: BoundRotatingPool };
}
