import { buildConnector } from 'undici';
import { errorCodeOf } from '../http/transport-error.js';
import { takeContinue } from './take-continue.js';
import { isTlsAlert, isTlsCode } from './tls-codes.js';
import { TlsHandshakeFailure } from './tls-handshake.failure.js';

/**
 * undici's connector whose failures tell a refused handshake (a {@link TlsHandshakeFailure}) from a connection that broke. With TLS 1.3 a
 * server refuses a client certificate after the handshake. undici would forget that reason when the connection ends.
 *
 * Decides: whether a connection failed in TLS or below it. Does not decide: how TLS is spoken (`dispatcher.factory.ts`), which error a user
 * sees (`tls-error.ts`).
 */
export function tlsConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (target, callback) =>
    connect(target, (error, socket) => {
      if (error !== null) return callback(handshakeFailureOf(error), null);
      socket.on('error', (failure) => {
        if (isTlsAlert(errorCodeOf(failure))) socket.destroy(new TlsHandshakeFailure(errorCodeOf(failure)));
      });
      takeContinue(socket);
      callback(null, socket);
    });
}

function handshakeFailureOf(error: Error): Error {
  const code = errorCodeOf(error);
  return isTlsCode(code) ? new TlsHandshakeFailure(code) : error;
}
