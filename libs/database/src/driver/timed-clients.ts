import type { ClientConfig, PoolConfig } from 'pg';

/** `pg.Client`, or a class that stands in for it. */
export type ClientClass = new (config: ClientConfig) => object;

/** What a pool of timed clients is configured with. */
export interface TimedPoolConfig extends PoolConfig {
  /** How long opening one connection may take. */
  readonly connectTimeoutMs: number;
}

/**
 * Clients that give up connecting after `connectTimeoutMs`, for a pool that has no time-out of its own: pg-pool's would start a timer
 * for each connection that is taken, also for one that is idle.
 */
export class TimedClients {
  readonly #timed = new WeakMap<ClientClass, ClientClass>();

  /**
   * The timed subclass of `client`; the same one each time. A class for each generation would make every generation's clients objects
   * of another shape, and V8 runs code that has met several shapes more slowly: all statements after a rotation would pay for it.
   */
  of(client: ClientClass): ClientClass {
    const known = this.#timed.get(client);
    if (known !== undefined) return known;
    const made = subclass(client);
    this.#timed.set(client, made);
    return made;
  }
}

function subclass(client: ClientClass): ClientClass {
  return class TimedClient extends client {
    constructor(config: ClientConfig & Partial<TimedPoolConfig>) {
      super({
        ...config,
        // By name, because pg-pool makes the password non-enumerable.
        ...(config.password === undefined ? {} : { password: config.password }),
        connectionTimeoutMillis: config.connectTimeoutMs,
      });
    }
  };
}
