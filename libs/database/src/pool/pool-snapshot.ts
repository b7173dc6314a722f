/** A pool at one moment, for health checks and metrics. */
export interface PoolSnapshot {
  /** `host:port/database`. */
  readonly target: string;
  /** Number of the active generation; undefined before the first connection. */
  readonly generation: number | undefined;
  /** Connections in use at a time, over all generations. */
  readonly max: number;
  /** Sockets at a time, over all generations, rotations included. */
  readonly maxConnections: number;
  readonly inUse: number;
  readonly idle: number;
  readonly waiting: number;
  /** Sockets that exist now. */
  readonly connections: number;
  readonly draining: readonly { readonly generation: number; readonly inUse: number }[];
  /** SQLSTATE or system error code while the server cannot be reached. */
  readonly outage: string | undefined;
  /** Code of the error that every caller gets at once, as there is no connection and none to be had; undefined while there is hope. */
  readonly refusal: string | undefined;
}
