import type { GiveBack, NativeConnection } from '../driver/native-pool.js';

export type ConnectCallback = (error: Error | undefined, connection?: NativeConnection, release?: GiveBack) => void;

/** Somebody who asked for a connection and has none yet. */
export interface Waiter {
  readonly callback: ConnectCallback;
  /** Ends the wait at `connectTimeoutMS`; undefined before it has to wait, and where there is no such limit. */
  cancelTimeout: (() => void) | undefined;
  /** The callback was called with an error: a connection that comes now is for the next one. */
  gone: boolean;
  /** Who stands before it in the line; undefined for the first, and outside of a line. */
  before: Waiter | undefined;
  /** Who stands behind it in the line; undefined for the last, and outside of a line. */
  behind: Waiter | undefined;
}
