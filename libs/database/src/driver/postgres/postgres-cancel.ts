import type { PostgresClient, PostgresModule, PostgresWire } from './postgres-client.js';

const longestWaitMs = 1_000;

/**
 * Asks the server to stop the statement that `client` runs, over a connection of its own, as the protocol demands
 * (PostgreSQL, 54.2.8 "Canceling Requests in Progress"). Resolves when the server has read the request, after 1 s at the latest;
 * a request that cannot be delivered is given up: the socket is closed next, which ends the session as well.
 */
export function cancelStatement(pg: PostgresModule, client: PostgresClient): Promise<void> {
  const { processID, secretKey, ssl } = client;
  if (processID === null || secretKey === null) return Promise.resolve();
  return new Promise((resolve) => {
    const wire = new pg.Connection({ ssl }) as PostgresWire;
    const finish = (): void => {
      clearTimeout(timer);
      wire.stream.destroy();
      resolve();
    };
    const timer = setTimeout(finish, longestWaitMs);
    const send = (): void => wire.cancel(processID, secretKey);
    wire.on('error', finish);
    wire.on('end', finish);
    wire.on('connect', () => (ssl === false ? send() : wire.requestSsl()));
    wire.on('sslconnect', send);
    if (client.host.startsWith('/')) wire.connect(`${client.host}/.s.PGSQL.${client.port}`);
    else wire.connect(client.port, client.host);
  });
}
