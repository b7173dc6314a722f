import type { ClientBase } from 'pg';
import type { TimedPostgresClient } from './timed-clients.js';

type OnConnect<Result> = (client: ClientBase) => Result;

/** In the words of pg's connect time-out, as it is one: a server that does not answer, for all that pg-pool can tell. */
const timedOut = 'timeout expired';

/**
 * `onConnect` of pg-pool with an end: pg-pool waits for it as long as it takes, which on a connection that has fallen silent is for ever.
 * It gets what the log-in has left of the time for opening a connection. A connection that is not ready then is closed.
 * @param connectTimeoutMs how long the log-in and `onConnect` may take together
 */
export function timedOnConnect(onConnect: OnConnect<unknown>, connectTimeoutMs: number): OnConnect<Promise<void>> {
  return async (client) => {
    const { connection, openedAtMs } = client as ClientBase & TimedPostgresClient;
    let timer: NodeJS.Timeout | undefined;
    // Raced, as an application's function may catch the error of its statement, or wait for something else than the connection.
    const end = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => {
          connection.stream.destroy(new Error(timedOut));
          reject(new Error(timedOut));
        },
        connectTimeoutMs - (performance.now() - openedAtMs),
      );
    });
    try {
      await Promise.race([onConnect(client), end]);
    } finally {
      clearTimeout(timer);
    }
  };
}
