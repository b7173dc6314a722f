import { EventEmitter } from 'node:events';
import type { NativeConnection } from '../driver/native-pool.js';

const inherited = ['notice', 'notification'] as const;
type Listener = (...given: unknown[]) => void;

/**
 * What its first user hangs on the first connection of a pool, for all that follow: TypeORM's `logNotifications` listens there and nowhere else, and that
 * connection ends with its credentials. Nobody but TypeORM ever holds the first one: it takes it to see whether the pool works.
 */
export class InheritedListeners {
  /** How many of each there are before anybody uses the connection: what sets up every connection is not to be repeated for the first. */
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
