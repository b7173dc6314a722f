import pg from 'pg';
import type { PostgresModule } from '../driver/postgres/postgres-client.js';
import { RotatingPool } from '../pool/rotating-pool.js';
import type { RotationController } from '../rotation/rotation-controller.js';
import { StartingPools } from './starting-pools.js';

export interface RotatingDriverOptions {
  /** Stands in for the `pg` package, for example an instrumented one. */
  readonly driver?: PostgresModule | undefined;
  /** Pools of a data source on it: 1 (default), and 1 more for each read replica. They start together or not at all. */
  readonly pools?: number;
}

const controllers = new WeakMap<object, RotationController>();

/**
 * What TypeORM takes as its `driver` option: `pg` with a `Pool` whose credentials `controller` replaces.
 * The copy is made by spread, which leaves out pg's `native`, as that is not enumerable. TypeORM would prefer `native` to our `Pool`.
 */
export function rotatingDriver(controller: RotationController, { driver = pg, pools = 1 }: RotatingDriverOptions = {}): PostgresModule {
  const context = { ...controller.poolContext, owner: new StartingPools(controller, pools) };
  class BoundRotatingPool extends RotatingPool {
    constructor(options: object) {
      super(options, context);
    }
  }
  const bound = { ...driver, Pool: BoundRotatingPool };
  controllers.set(bound, controller);
  return bound;
}

/** The controller of the rotating driver in these data source options; undefined for another driver. */
export function controllerOf(options: { readonly driver?: unknown }): RotationController | undefined {
  return controllers.get(options.driver as object);
}
