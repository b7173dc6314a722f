/** The part of a pool's options that the rotation honours itself. */
export interface PoolSettings {
  /** Name of the database product, for error texts: `PostgreSQL`. */
  readonly product: string;
  /** For people: `127.0.0.1:5432/grimoire`. */
  readonly target: string;
  /** Connections in use at a time. */
  readonly max: number;
  /** How long a caller waits for a free connection; undefined: as long as it takes. */
  readonly acquireTimeoutMs: number | undefined;
  /** How long opening one connection may take. */
  readonly connectTimeoutMs: number;
  /** Whether a connection may pass from one user to the next without the pool seeing it. */
  readonly handOff: boolean;
}
