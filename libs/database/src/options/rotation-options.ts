/**
 * How credentials are replaced. Every field has a default that is safe in production.
 *
 * The folder `options/` decides which values an option of the rotation may hold, and what it is by default. It does not decide what follows
 * from an option: `lifetime/`, `supply/`, `queue/`, `pool/` and `rotation/` do. The options of TypeORM and of the driver are checked in
 * `typeorm/` and `driver/`.
 */
export interface RotationOptions {
  /** Share of the credentials' life after which they are replaced when they were not renewed, 0.1 to 0.95. Default 0.8. */
  readonly atFraction?: number;
  /** Share of that time by which chance may move it earlier, never later, so that instances do not rotate together: 0 to 0.5. Default 0.1. */
  readonly jitter?: number;
  /**
   * How long users of the old credentials may keep their connection, in milliseconds. Default 30 s. A dynamic role whose credentials end
   * sooner gives them until a moment before that end, but at least a second.
   */
  readonly drainMs?: number;
  /**
   * What happens at the drain deadline to a connection that is still in use. `terminate` (default): its statement is cancelled and its
   * socket closed, with a `DrainDeadlineExceededError`. `wait`: nothing; the old credentials live until they expire by themselves.
   */
  readonly onDrainDeadline?: 'terminate' | 'wait';
  /** Statement that new credentials must pass within `connectTimeoutMS` before they are used. Default `SELECT 1`. */
  readonly validationQuery?: string;
  /**
   * Sockets at a time of one pool, old and new generations together, a whole number. Default twice the pool size; at least pool size + 1.
   * A log-in that checks the current credentials comes on top for a moment.
   * The server's `max_connections` and a static role's CONNECTION LIMIT must allow it.
   */
  readonly maxConnections?: number;
  /**
   * How long callers wait for new credentials when the database refuses the current ones, in milliseconds. Default 30 s. So long, and for
   * 2 s at least, the same new ones are tried where the database does not accept them yet, as a replica may learn of a role late.
   */
  readonly credentialBudgetMs?: number;
  /** How long callers wait for a database server that is away, in milliseconds. Default: `typeorm.connectTimeoutMS`, or 10 s. */
  readonly outageBudgetMs?: number;
  /**
   * Credentials without success that may be issued in `mintWindowMs`, a whole number. Default 3. Those that the database refuses within
   * five seconds of their first use count as well.
   */
  readonly mintBudget?: number;
  /** Default 60 s. */
  readonly mintWindowMs?: number;
  /**
   * How long one call of the source may take: to issue, shorten, revoke or repair credentials. What is issued later is revoked, and the next
   * try does not wait for it. Default 60 s.
   */
  readonly sourceTimeoutMs?: number;
  /** How long the shutdown may take, in milliseconds: 70 % for what is in flight, the rest for closing and revoking. Default 10 s. */
  readonly shutdownMs?: number;
}

/** The options with every default filled in; `undefined` where the pool decides. */
export interface ResolvedRotationOptions extends Required<Omit<RotationOptions, 'maxConnections' | 'outageBudgetMs'>> {
  readonly maxConnections: number | undefined;
  readonly outageBudgetMs: number | undefined;
}
