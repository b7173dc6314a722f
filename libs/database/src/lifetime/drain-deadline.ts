/**
 * What limits the time of those who still use replaced credentials:
 * - `drain-time`: `rotation.drainMs` is over.
 * - `credentials-end`: the credentials end before that.
 * - `shutdown`: the application stops.
 */
export type DrainLimit = 'drain-time' | 'credentials-end' | 'shutdown';

/** When the connections that are still in use are closed, and why then. */
export interface DrainDeadline {
  /** On the monotonic clock. */
  readonly atMs: number;
  readonly limit: DrainLimit;
}
