import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { FailureKind } from '../driver/failure-kind.js';
import type { DrainDeadline } from '../lifetime/drain-deadline.js';

/** Credentials with the number of their generation, the same in every pool of a source. */
export interface NumberedCredential {
  readonly number: number;
  readonly credential: DatabaseCredential;
}

export interface PrepareOptions {
  readonly signal: AbortSignal;
  /** How long a refused log-in is tried again: a read replica, a directory or a pooler learns of a new role some time later. */
  readonly loginRetryMs: number;
  /** Until when connections are opened ahead, on the monotonic clock; asked when the first one, which is opened in any case, is proved. */
  readonly warmUntilMs: () => number;
  /** Called when the first connection is proved, before others are opened ahead. */
  readonly onProved?: () => void;
  /** Called after each log-in that failed and will perhaps be tried again, with why it failed. */
  readonly onFailedTry?: (kind: FailureKind) => void;
}

/** A generation that waits to be used. Exactly one of the two must be called. */
export interface PreparedGeneration {
  /** Makes it the active one, in one synchronous step, and lets the one before drain until `deadline`, if there is one. */
  commit(deadline: DrainDeadline | undefined): Draining;
  abort(): void;
}

/** The generation that was active before a commit, on its way out. */
export interface Draining {
  /** Resolves when its last connection is closed, with how many had to be taken from their users. */
  readonly done: Promise<{ readonly terminated: number }>;
  /** Moves the deadline; `undefined` takes it away. */
  setDeadline(deadline: DrainDeadline | undefined): void;
}
