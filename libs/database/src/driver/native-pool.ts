/** A connection of the database driver; opaque to all but its adapter. */
export type NativeConnection = object;

/** Gives a connection back to its native pool; with a reason it is closed instead of kept. */
export type GiveBack = (reason?: Error | boolean) => void;

export type NativeAcquireCallback = (error: Error | undefined, connection?: NativeConnection, giveBack?: GiveBack) => void;

export interface NativePoolListener {
  /** A connection is open and set up, and nobody has used it. */
  connectionOpened(connection: NativeConnection): void;
  /** An idle connection broke; the pool has already dropped it. */
  idleFailed(error: Error, connection: NativeConnection): void;
  /** A connection is closed for good: there is room for another. */
  connectionClosed(connection: NativeConnection): void;
  /** The server refused a statement; asked of every statement, so it must be cheap. */
  statementRefused(sqlState: string): void;
}

/** A pool of the database driver that logs in with one credential for its whole life. */
export interface NativePool {
  /** Connections that `acquire()` would hand over without opening one. */
  readonly idleCount: number;
  /** Sockets that exist: opening, idle, in use, closing. */
  readonly physicalCount: number;
  /** Connections in use that are closed when they come back, as they are too old. */
  readonly expiredCount: number;
  acquire(callback: NativeAcquireCallback): void;
  /** Runs a statement on a connection that was acquired; one that has not answered within the connect time-out is closed. */
  query(connection: NativeConnection, sql: string): Promise<void>;
  /** Whether the connection may be handed to the next user without going through the pool. */
  isUsable(connection: NativeConnection): boolean;
  /** Logs in once with a connection of its own, and closes it. */
  proveLogin(): Promise<void>;
  /** Cancels what the connection is doing, then closes its socket so that its user gets `reason`. Resolves when it is closed. */
  terminate(connection: NativeConnection, reason: Error): Promise<void>;
  /** Closes idle connections now and the others when they are given back. Call it once, while nothing is being acquired. */
  end(): Promise<void>;
}
