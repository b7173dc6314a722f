import { cancelStatement } from './postgres-cancel.js';
import type { NativeAcquireCallback, NativeConnection, NativePool, NativePoolListener } from '../native-pool.js';
import { guardStreams } from './postgres-streams.js';
import type { PostgresClient, PostgresModule, PostgresNativePool } from './postgres-client.js';
import { longestCloseMs, type TimedPoolConfig } from './timed-clients.js';

/** One `pg.Pool`, with a count of its sockets, cancellation, and the server's refusals overheard. */
export class PostgresPool implements NativePool {
  readonly #pg: PostgresModule;
  readonly #options: TimedPoolConfig;
  readonly #listener: NativePoolListener;
  readonly #pool: PostgresNativePool;
  readonly #open = new Set<object>();
  #opening = 0;

  constructor(pg: PostgresModule, options: TimedPoolConfig, listener: NativePoolListener) {
    this.#pg = pg;
    this.#options = options;
    this.#listener = listener;
    this.#pool = new pg.Pool(options) as PostgresNativePool;
    this.#pool.on('error', (error: Error, client: PostgresClient) => listener.idleFailed(error, client));
    this.#pool.on('connect', (client: PostgresClient) => this.#watch(client));
    this.#pool.on('remove', (client: PostgresClient) => {
      this.#open.delete(client);
      listener.connectionClosed(client);
    });
  }

  get idleCount(): number {
    // pg-pool hands an idle client over on the next tick: until then it counts as idle although a caller waits for it. And so it does
    // with callers that come in the same tick and get a new one.
    return Math.max(0, this.#pool.idleCount - this.#pool.waitingCount);
  }

  get physicalCount(): number {
    return this.#open.size + this.#opening;
  }

  get expiredCount(): number {
    return this.#pool.expiredCount;
  }

  acquire(callback: NativeAcquireCallback): void {
    // An idle client opens no socket, so that nothing has to be counted when it is handed over.
    if (this.#pool.idleCount > 0) return this.#pool.connect(callback);
    const before = this.#pool.totalCount;
    let opens = false;
    this.#pool.connect((error, client, done) => {
      if (opens) this.#opening -= 1;
      callback(error, client, done);
    });
    opens = this.#pool.totalCount > before;
    if (opens) this.#opening += 1;
  }

  async query(connection: NativeConnection, sql: string): Promise<void> {
    const client = connection as PostgresClient;
    // In the words of pg's connect time-out: for pg, a connection that falls silent after its log-in is one that works.
    const timer = setTimeout(() => client.connection.stream.destroy(new Error('timeout expired')), this.#options.connectTimeoutMs);
    try {
      await client.query(sql);
    } finally {
      clearTimeout(timer);
    }
  }

  isUsable(connection: NativeConnection): boolean {
    const client = connection as PostgresClient;
    return client._queryable !== false && client._ending !== true;
  }

  async proveLogin(): Promise<void> {
    const pool = new this.#pg.Pool({ ...this.#options, max: 1, min: 0 }) as PostgresNativePool;
    pool.on('error', () => undefined);
    try {
      await new Promise<void>((resolve, reject) => {
        pool.connect((error, _client, done) => {
          done?.(true);
          if (error === undefined || error === null) resolve();
          else reject(error);
        });
      });
    } finally {
      pool.end(() => undefined);
    }
  }

  async terminate(connection: NativeConnection, reason: Error): Promise<void> {
    const client = connection as PostgresClient;
    const { stream } = client.connection;
    if (client.readyForQuery === false) {
      // Paused, so that the user of the connection gets the typed reason and not the server's 57014.
      stream.pause();
      await cancelStatement(this.#pg, client);
    }
    await new Promise<void>((resolve) => {
      if (stream.closed) return resolve();
      const timer = setTimeout(resolve, longestCloseMs);
      stream.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      stream.destroy(reason);
    });
  }

  end(): Promise<void> {
    return new Promise((resolve) => this.#pool.end(() => resolve()));
  }

  #watch(client: PostgresClient): void {
    this.#open.add(client);
    // An 'error' without a listener would end the process; between two users of a connection nobody else listens.
    client.on('error', () => undefined);
    // The only place where a refused statement shows without wrapping every query.
    client.connection.on('errorMessage', (message: { readonly code?: string }) => {
      if (message.code !== undefined) this.#listener.statementRefused(message.code);
    });
    guardStreams(client);
    this.#listener.connectionOpened(client);
  }
}
