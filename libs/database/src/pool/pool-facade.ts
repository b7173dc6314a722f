import { EventEmitter } from 'node:events';
import type { GiveBack, NativeConnection } from '../driver/native-pool.js';
import { PoolClosedError } from '../errors/pool-closed.error.js';
import type { PoolFacadeEvents } from './pool-events.js';
import type { ConnectCallback } from '../queue/waiter.js';

type QueryCallback = (error: Error | undefined, result?: unknown) => void;

/** A statement as `pool.query()` takes it. */
interface PooledStatement {
  readonly text: unknown;
  readonly values: unknown;
  readonly callback: QueryCallback;
}

interface QueryableConnection extends EventEmitter {
  query(text: unknown, values: unknown, callback: (error: Error | null | undefined, result: unknown) => void): unknown;
}

/** A connection with what gives it back. */
export type PooledConnection = NativeConnection & { release: GiveBack };

/**
 * The outside of a pool, as users of `pg.Pool` know it: `connect`, `query`, `end`, and the events `connect`, `acquire`, `release`, `remove`
 * and `error`. Source: pg-pool 3.
 */
export abstract class PoolFacade extends EventEmitter<PoolFacadeEvents> {
  /** The options that were given, without user and password. */
  readonly options: Readonly<Record<string, unknown>>;
  /** `host:port/database`, for messages. */
  readonly #target: string;
  #isEndCalled = false;
  #isEnded = false;

  constructor(options: Readonly<Record<string, unknown>>, target: string) {
    super();
    this.options = options;
    this.#target = target;
  }

  /** Whether `end()` was called, or the application closes the pool: it hands out nothing any more. */
  abstract get ending(): boolean;

  /** Whether all connections are closed. */
  get ended(): boolean {
    return this.#isEnded;
  }

  /** Takes a connection, which the caller must release. */
  connect(callback: ConnectCallback): void;
  connect(): Promise<PooledConnection>;
  connect(callback?: ConnectCallback): void | Promise<PooledConnection> {
    if (callback !== undefined) return this.take(callback);
    return new Promise<PooledConnection>((resolve, reject) => {
      this.take((error, connection) => (error ? reject(error) : resolve(connection as PooledConnection)));
    }).catch(leadToCaller);
  }

  /**
   * Runs one statement on a connection of its own; one whose statement failed is closed.
   * @param text as `pg.Client.query` takes it: a text, or a statement with its values
   */
  query(text: unknown, values?: unknown, callback?: QueryCallback): Promise<unknown> | void {
    if (typeof text === 'function') {
      const refusal = new Error('Passing a function as the first parameter to pool.query is not supported');
      setImmediate(text as QueryCallback, refusal);
      return;
    }
    if (typeof values === 'function') return this.query(text, undefined, values as QueryCallback);
    if (callback !== undefined) return runOnCheckout((taken) => this.take(taken), { text, values, callback });
    return new Promise((resolve, reject) => {
      void this.query(text, values, (error, result) => (error ? reject(error) : resolve(result)));
    }).catch(leadToCaller);
  }

  /** Closes the pool when the connections in use have come back. @throws PoolClosedError when it is called again */
  end(callback: (error?: Error) => void): void;
  end(): Promise<void>;
  end(callback?: (error?: Error) => void): void | Promise<void> {
    const ended = this.#endOnce();
    if (callback === undefined) return ended;
    void settle(ended, callback);
  }

  /** Calls back with a connection, or with why there is none. */
  protected abstract take(callback: ConnectCallback): void;

  /** Resolves when every connection is closed. */
  protected abstract closeAll(): Promise<void>;

  protected closed(): PoolClosedError {
    return new PoolClosedError(`Cannot use a pool after calling end on the pool: the pool of ${this.#target} is closed.`);
  }

  protected markEnded(): void {
    this.#isEnded = true;
  }

  #endOnce(): Promise<void> {
    if (this.#isEndCalled) {
      return Promise.reject(new PoolClosedError(`Called end on pool more than once: the pool of ${this.#target}.`));
    }
    this.#isEndCalled = true;
    return this.closeAll();
  }
}

/** As pg-pool: a stack that begins where the answer arrived says nothing about who asked. */
function leadToCaller(error: Error): never {
  Error.captureStackTrace(error);
  throw error;
}

async function settle(ended: Promise<void>, callback: (error?: Error) => void): Promise<void> {
  const failure = await ended.then(
    () => undefined,
    (error: Error) => error,
  );
  callback(failure);
}

/** Takes a connection, runs the statement and gives the connection back, with the error if there was one. */
function runOnCheckout(take: (callback: ConnectCallback) => void, { text, values, callback }: PooledStatement): void {
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
