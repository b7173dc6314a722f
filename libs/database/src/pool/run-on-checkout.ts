import type { EventEmitter } from 'node:events';
import type { ConnectCallback } from '../queue/waiter.js';

export type QueryCallback = (error: Error | undefined, result?: unknown) => void;

/** A statement as `pool.query()` takes it. */
export interface PooledStatement {
  readonly text: unknown;
  readonly values: unknown;
  readonly callback: QueryCallback;
}

interface QueryableConnection extends EventEmitter {
  query(text: unknown, values: unknown, callback: (error: Error | null | undefined, result: unknown) => void): unknown;
}

/** Takes a connection, runs the statement and gives the connection back, with the error if there was one. */
export function runOnCheckout(take: (callback: ConnectCallback) => void, { text, values, callback }: PooledStatement): void {
  take((error, connection, release) => {
    if (error !== undefined) return callback(error);
    const client = connection as QueryableConnection;
    let isDone = false;
    const finish = (failure: Error | null | undefined, result?: unknown): void => {
      if (isDone) return;
      isDone = true;
      client.removeListener('error', finish);
      release?.(failure ?? undefined);
      if (failure) callback(failure);
      else callback(undefined, result);
    };
    client.once('error', finish);
    try {
      client.query(text, values, finish);
    } catch (failure) {
      finish(failure as Error);
    }
  });
}
