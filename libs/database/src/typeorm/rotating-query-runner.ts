import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import type { DatabaseError } from '../errors/database-error.js';
import { isDatabaseError } from '../errors/is-database-error.js';

type Connection = Awaited<ReturnType<PostgresQueryRunner['connect']>>;
type Values = Parameters<PostgresQueryRunner['query']>[1];
type Answer = ReturnType<PostgresQueryRunner['query']>;

/**
 * TypeORM's query runner with two gaps closed:
 * - A runner that is released before its connection arrives would keep the connection for ever, and `destroy()` would try without end to
 *   release the runner.
 * - A runner whose connection is closed at a drain deadline while the runner is idle would say that its owner has released it, which is
 *   wrong. Here it says why the connection was closed.
 */
export class RotatingQueryRunner extends PostgresQueryRunner {
  /** Statements that have been asked for and have not ended. */
  #running = 0;
  /** Why its connection was closed while its owner held it. */
  #lost: DatabaseError | undefined;

  override connect(): Promise<Connection> {
    if (this.isReleased) return Promise.reject(new QueryRunnerAlreadyReleasedError());
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    if (this.databaseConnectionPromise !== undefined) return this.databaseConnectionPromise;
    const arriving = super.connect().then((connection: Connection) => this.#arrived(connection));
    this.databaseConnectionPromise = arriving;
    return arriving;
  }

  override async query(query: string, parameters?: Values, useStructuredResult?: boolean): Answer {
    if (this.#lost !== undefined && !this.isReleased) throw new QueryFailedError(query, parameters as unknown[] | undefined, this.#lost);
    this.#running += 1;
    try {
      return await super.query(query, parameters, useStructuredResult);
    } finally {
      this.#running -= 1;
      if (this.isReleased && this.#running === 0) this.#giveBack();
    }
  }

  /** @throws QueryRunnerAlreadyReleasedError when its owner has let go meanwhile, and no statement waits for the connection */
  #arrived(connection: Connection): Connection {
    const release = this.releaseCallback;
    if (!this.isReleased) {
      this.releaseCallback = (reason: unknown) => {
        if (isDatabaseError(reason, 'DATABASE_DRAIN_DEADLINE_EXCEEDED')) this.#taken(reason);
        release?.(reason);
      };
      return connection;
    }
    // destroy() of TypeORM releases the runners of this list until the list is empty.
    const { connectedQueryRunners } = this.driver;
    const at = connectedQueryRunners.indexOf(this);
    if (at >= 0) connectedQueryRunners.splice(at, 1);
    if (this.#running > 0 && release !== undefined) return connection;
    this.#giveBack();
    throw new QueryRunnerAlreadyReleasedError();
  }

  /** TypeORM has marked this runner as released. Its owner has not released it, and is to be told why the connection is gone. */
  #taken(reason: DatabaseError): void {
    this.#lost = reason;
    this.isReleased = false;
  }

  #giveBack(): void {
    const release = this.releaseCallback;
    delete this.releaseCallback;
    release?.(undefined);
  }
}
