import type { FailureKind } from '../driver/failure-kind.js';
import type { NumberedCredential, PreparedGeneration, PrepareOptions } from '../generations/prepared-generation.js';
import type { PoolSnapshot } from './pool-snapshot.js';

/** A pool as the rotation sees it. */
export interface RotatablePool {
  /**
   * Opens, proves and warms a generation beside the active one.
   * @throws DatabaseError when it does not prove itself in time
   */
  prepare(numbered: NumberedCredential, options: PrepareOptions): Promise<PreparedGeneration>;
  /**
   * Opens a generation that is not proved, for a pool whose server is away: its commit makes no connection, and its callers are then
   * served, or told, as in any outage.
   */
  adopt(numbered: NumberedCredential): PreparedGeneration;
  /** Logs in once more with the active credentials. Resolves to why that failed, or to undefined when it did not. */
  proveActive(): Promise<{ readonly kind: FailureKind; readonly reason: string } | undefined>;
  /** Hands out nothing, and lets nobody's acquire time-out pass, until the returned function is called. */
  withhold(): () => void;
  /** From now on every caller gets `error` at once, until the next commit. */
  suspend(error: Error): void;
  /** Resolves when nobody uses or waits for a connection. */
  quiet(): Promise<void>;
  /** Closes it; connections in use at `deadlineMs` are taken from their users. Resolves when all sockets are closed. */
  close(deadlineMs: number | undefined): Promise<void>;
  snapshot(): PoolSnapshot;
}
