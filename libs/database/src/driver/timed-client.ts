import type { ClientConfig } from 'pg';

/** `pg.Client`, or a class that stands in for it. */
export type ClientClass = new (config: ClientConfig) => object;

/**
 * A client that gives up connecting after `timeoutMs`, for a pool that has no time-out of its own: pg-pool's would start a timer for
 * each connection that is taken, also for one that is idle.
 */
export function timedClient(client: ClientClass, timeoutMs: number): ClientClass {
  return class TimedClient extends client {
    constructor(config: ClientConfig) {
      // By name, because pg-pool makes the password non-enumerable.
      super({ ...config, ...(config.password === undefined ? {} : { password: config.password }), connectionTimeoutMillis: timeoutMs });
    }
  };
}
