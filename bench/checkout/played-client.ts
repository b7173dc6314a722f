import type { EventEmitter } from 'node:events';
import pg from 'pg';

type Callback = (error: Error | null, result?: unknown) => void;

const result = { rows: [] };

/** As it is used here: pg declares nine overloads of what is played. */
const Base = pg.Client as unknown as new (config: object) => EventEmitter;

/**
 * A client of pg without a server: it is connected and has its answers on the next tick. The cost of a query is then that of the pool.
 */
export class PlayedClient extends Base {
  connect(callback: Callback): void {
    process.nextTick(callback, null);
  }

  query(_text: unknown, _values?: unknown, callback?: Callback): Promise<unknown> | void {
    if (callback === undefined) return Promise.resolve(result);
    process.nextTick(callback, null, result);
  }

  end(callback: Callback): void {
    process.nextTick(callback, null);
  }

  // On a socket that never connects, each call of pg's would leave a listener behind.
  ref(): void {}

  unref(): void {}
}
