import { EventEmitter } from 'node:events';
import type { NativeConnection } from '../driver/native-pool.js';
import type { CheckoutListener } from '../queue/loans.js';
import { throwLater } from '../support/throw-later.js';

const inherited = ['notice', 'notification'] as const;
type Listener = (...given: unknown[]) => void;

/** Events of a pool, with the arguments that pg-pool 3 gives them. */
export interface PoolFacadeEvents {
  connect: [connection: NativeConnection];
  acquire: [connection: NativeConnection];
  release: [reason: Error | boolean | undefined, connection: NativeConnection];
  remove: [connection: NativeConnection];
  error: [error: Error, connection: NativeConnection];
}

/** Tells the listeners of a pool what happens to its connections. Where nobody listens, nothing is allocated. */
export class PoolEvents implements CheckoutListener {
  readonly #pool: EventEmitter<PoolFacadeEvents>;
  readonly #inherited = new InheritedListeners();

  constructor(pool: EventEmitter<PoolFacadeEvents>) {
    this.#pool = pool;
  }

  opened(connection: NativeConnection): void {
    this.#inherited.opened(connection);
    if (this.#pool.listenerCount('connect') > 0) this.#emit('connect', connection);
  }

  acquired(connection: NativeConnection): void {
    if (this.#pool.listenerCount('acquire') > 0) this.#emit('acquire', connection);
  }

  released(reason: Error | boolean | undefined, connection: NativeConnection): void {
    this.#inherited.released(connection);
    if (this.#pool.listenerCount('release') > 0) this.#emit('release', reason, connection);
  }

  closed(connection: NativeConnection): void {
    if (this.#pool.listenerCount('remove') > 0) this.#emit('remove', connection);
  }

  /** An idle connection broke. */
  failed(error: Error, connection: NativeConnection): void {
    if (this.#pool.listenerCount('error') > 0) this.#emit('error', error, connection);
  }

  /**
   * A listener that throws ends the process as with pg-pool, unless somebody listens for that; but not in the middle of the pool's work,
   * which would lose a connection.
   */
  #emit<Event extends keyof PoolFacadeEvents>(event: Event, ...given: PoolFacadeEvents[Event]): void {
    try {
      (this.#pool as EventEmitter).emit(event, ...given);
    } catch (error) {
      throwLater(error);
    }
  }
}

/**
 * The listeners that the first user of a pool's first connection leaves on it, for all connections that follow. TypeORM's `logNotifications`
 * listens there and nowhere else, and that connection ends with its credentials. The first user is always TypeORM, which takes a connection
 * to see whether the pool works.
 */
class InheritedListeners {
  /** How many listeners of each event a connection has before its first use: what sets up every connection is not to be repeated. */
  #before: WeakMap<object, readonly number[]> | undefined;
  #listeners: readonly (readonly [string, Listener])[] | undefined;

  /** A connection comes back; only the first time matters. */
  released(connection: NativeConnection): void {
    if (this.#listeners !== undefined) return;
    const emitter = connection instanceof EventEmitter ? connection : undefined;
    const before = this.#before?.get(connection) ?? [];
    this.#before = undefined;
    this.#listeners = inherited.flatMap((event, index) =>
      (emitter?.listeners(event) ?? []).slice(before[index]).map((listener) => [event, listener as Listener] as const),
    );
  }

  /** A connection has been opened. */
  opened(connection: NativeConnection): void {
    if (!(connection instanceof EventEmitter)) return;
    if (this.#listeners === undefined) {
      this.#before ??= new WeakMap();
      this.#before.set(
        connection,
        inherited.map((event) => connection.listenerCount(event)),
      );
    } else for (const [event, listener] of this.#listeners) connection.on(event, listener);
  }
}
