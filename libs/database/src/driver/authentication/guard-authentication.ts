import type { Duplex } from 'node:stream';
import { DatabaseConfigurationError } from '../../errors/database-configuration.error.js';
import type { PostgresClient } from '../postgres/postgres-client.js';
import type { AuthenticationMethod, RequiredAuthentication } from './required-authentication.js';

/** In the words of a sentence: "The server ... asks for". */
const asked: Readonly<Record<AuthenticationMethod, string>> = {
  'scram-sha-256': 'asks for SCRAM',
  md5: 'asks for the password as an MD5 hash, which whoever reads along can log in with',
  password: 'asks for the password in clear text',
  none: 'asks for no proof of the log-in',
};

/**
 * Closes the connection of `client` before it answers a server that asks for what it may not have, and forgets the password once the
 * server has accepted it: nothing needs it any more. To be called before the client connects, so that these listeners come before pg's.
 */
export function guardAuthentication(client: PostgresClient, required: RequiredAuthentication): void {
  const { connection } = client;
  let method: AuthenticationMethod = 'none';
  let hasProvedItself = true;
  let isAccepted = false;
  let isOpen = false;
  const end = (error?: Error): void => {
    // One packet may hold what makes pg take the connection for open, behind what it is closed for.
    connection.removeAllListeners('readyForQuery');
    connection.stream.destroy(error);
  };
  const check = (next: AuthenticationMethod): void => {
    method = next;
    if (!required.permits(next, isVerified(connection.stream))) end(methodRefused(client, next, required));
  };
  const failed = (): void => end();
  connection.on('authenticationCleartextPassword', () => check('password'));
  connection.on('authenticationMD5Password', () => check('md5'));
  connection.on('authenticationSASL', () => {
    hasProvedItself = false;
    check('scram-sha-256');
  });
  // What pg finds wrong with the proof is an 'error', before 'authenticationOk'.
  connection.on('authenticationSASLFinal', () => (hasProvedItself = true));
  connection.on('authenticationOk', () => {
    if (!hasProvedItself) end(unproved(client));
    else if (method === 'none') check('none');
    isAccepted = true;
    client.password = null;
    client.connectionParameters.password = null;
  });
  // pg reports what is wrong with a log-in, and leaves the connection to the server, which may go on as if nothing were.
  for (const event of ['error', 'errorMessage']) connection.once(event, failed);
  connection.once('readyForQuery', () => {
    // Thrown, and not only destroyed: nobody else is to hear of this event.
    if (!isAccepted) throw unaccepted(client);
    isOpen = true;
    for (const event of ['error', 'errorMessage']) connection.removeListener(event, failed);
  });
  catchWhatIsThrown(connection, (error) => {
    if (isOpen) throw error;
    end(error instanceof DatabaseConfigurationError ? error : unreadable(client, error));
  });
}

/** pg reads in a listener of the socket and throws at what it does not know (a server that asks for GSSAPI): that would end the process. */
function catchWhatIsThrown(connection: PostgresClient['connection'], onThrown: (error: unknown) => void): void {
  const attach = connection.attachListeners.bind(connection);
  connection.attachListeners = (stream) => {
    const others = stream.listeners('data');
    attach(stream);
    for (const read of stream.listeners('data').filter((listener) => !others.includes(listener)) as ((chunk: unknown) => void)[]) {
      stream.removeListener('data', read);
      stream.on('data', (chunk) => {
        try {
          read(chunk);
        } catch (error) {
          onThrown(error);
        }
      });
    }
  };
}

/** Whether the other side has shown a certificate of a trusted authority for its name. */
function isVerified(stream: Duplex): boolean {
  const { encrypted, authorized } = stream as { readonly encrypted?: boolean; readonly authorized?: boolean };
  return encrypted === true && authorized === true;
}

function methodRefused(client: PostgresClient, method: AuthenticationMethod, required: RequiredAuthentication): Error {
  const needsTls = required.asksForTls(method);
  const where = needsTls ? ', on a connection that is not verified TLS' : '';
  const what = `The server at ${client.host}:${client.port} ${asked[method]}${where}. It got nothing.`;
  return new DatabaseConfigurationError(what, {
    reason: method,
    setting: needsTls ? 'typeorm.ssl' : 'typeorm.extra.require_auth',
    remedy: needsTls
      ? 'Let its pg_hba.conf ask for scram-sha-256, or give typeorm.ssl the authority of its certificate. On a network where nobody else can ' +
        `be or read along, typeorm.extra.require_auth: 'scram-sha-256,${method}' allows it. If it asked for SCRAM before, look who answers there.`
      : 'Let its pg_hba.conf ask for what typeorm.extra.require_auth names, or correct that list.',
  });
}

function unproved({ host, port }: PostgresClient): Error {
  return new DatabaseConfigurationError(`The server at ${host}:${port} ended the SCRAM log-in without proof that it knows the password.`, {
    reason: 'scram-sha-256',
    setting: 'typeorm.host',
    remedy: 'Look who answers there: PostgreSQL always proves it.',
  });
}

function unaccepted({ host, port }: PostgresClient): Error {
  return new DatabaseConfigurationError(`The server at ${host}:${port} went on without having accepted the log-in.`, {
    reason: 'unaccepted',
    setting: 'typeorm.host',
    remedy: 'Look who answers there: PostgreSQL always accepts or refuses it.',
  });
}

function unreadable({ host, port }: PostgresClient, error: unknown): Error {
  const said = error instanceof Error ? error.message : 'unknown';
  return new DatabaseConfigurationError(`The server at ${host}:${port} said something at the log-in that pg cannot read (${said}).`, {
    reason: 'unreadable',
    setting: 'typeorm.host',
    remedy: 'Let its pg_hba.conf ask for scram-sha-256 (pg knows no GSSAPI and no SSPI), and check typeorm.host and typeorm.port.',
  });
}
