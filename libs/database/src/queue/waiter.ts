import type { GiveBack, NativeConnection } from '../driver/native-pool.js';
import { throwLater } from '../support/throw-later.js';

export type ConnectCallback = (error: Error | undefined, connection?: NativeConnection, release?: GiveBack) => void;

/** Somebody who asked for a connection and has to wait for it. */
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

/** Somebody for whom a connection is being acquired: a waiter, or the bare callback of a caller who had not to wait. */
export type Asker = ConnectCallback | Waiter;

export function newWaiter(callback: ConnectCallback): Waiter {
  return { callback, cancelTimeout: undefined, gone: false, before: undefined, behind: undefined };
}

/** Whether the asker was told that there is no connection. */
export function isGone(asker: Asker): boolean {
  return typeof asker !== 'function' && asker.gone;
}

/** What to answer the asker with. Its time-out holds no more. */
export function callbackOf(asker: Asker): ConnectCallback {
  if (typeof asker === 'function') return asker;
  asker.cancelTimeout?.();
  return asker.callback;
}

/** What pg-pool gives a caller in place of a connection's release: some call it in any case. */
export const releaseNothing = (): void => undefined;

/** Tells an asker, who stands in no line, that there is no connection. Never throws: others wait for the same answer. */
export function reject(asker: Asker, error: Error): void {
  const callback = callbackOf(asker);
  if (typeof asker !== 'function') asker.gone = true;
  try {
    callback(error, undefined, releaseNothing);
  } catch (failure) {
    throwLater(failure);
  }
}
