import type { PostgresClient } from './postgres-client.js';

/** pg-cursor, as far as it is looked at here. */
interface Cursor {
  readonly state?: string;
  _cb?: ((error: Error) => void) | null;
}

/** The statement under way: an ordinary one, a cursor, or a stream around a cursor. */
type Statement = Cursor & { readonly cursor?: Cursor };

/**
 * Makes streams end when their connection breaks. Two waits of pg-cursor never end by themselves, and with them the reader's:
 * - its `close()` waits for the server's next 'readyForQuery', also when it is called long after the break;
 * - a break between 'commandComplete' and 'readyForQuery' is not passed on to the reader, as the cursor takes itself for done.
 */
export function guardStreams(client: PostgresClient): void {
  const { connection } = client;
  const onBreak = (error?: Error): void => failCompleted(client, error ?? new Error('Connection terminated unexpectedly'));
  // Before pg's own listeners, which forget the statement.
  for (const event of ['error', 'end', 'errorMessage']) connection.prependListener(event, onBreak);
  client.once('end', () => setImmediate(answerClosing, client));
}

/** Not as a success: the server commits after 'commandComplete', so nobody knows whether it did. */
function failCompleted(client: PostgresClient, error: Error): void {
  const statement: Statement | null | undefined = client._activeQuery;
  const cursor = statement?.cursor ?? statement;
  const callback = cursor?.state === 'done' ? cursor._cb : undefined;
  if (!cursor || !callback) return;
  cursor._cb = null;
  callback(error);
}

function answerClosing({ connection }: PostgresClient): void {
  const answer = (): void => void connection.emit('readyForQuery', { status: 'I' });
  const ownListeners = 1;
  if (connection.listenerCount('readyForQuery') > ownListeners) answer();
  connection.on('newListener', (event: string) => event === 'readyForQuery' && setImmediate(answer));
}
