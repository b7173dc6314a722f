import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions as HttpsRequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { ProxyTunnelFailure } from './proxy-tunnel.failure.js';
import { isTlsCode } from '../connection/tls-codes.js';
import { oldestTls } from '../connection/oldest-tls.js';
import { tlsConnector } from '../connection/tls-connector.js';
import { TlsHandshakeFailure } from '../connection/tls-handshake.failure.js';
import { errorCodeOf } from '../http/transport-error.js';

export interface ProxyTunnelOptions {
  /** Address of the proxy; may carry user and password. */
  readonly proxy: string;
  /** Deadline for all of it: the proxy, its tunnel and the TLS handshake with Vault. */
  readonly connectTimeoutMs: number;
  /** How TLS is spoken with Vault, inside the tunnel. */
  readonly tls: Readonly<Record<string, unknown>>;
}

/**
 * Connects to Vault through a tunnel of an HTTP proxy, in one attempt: undici's own agent asks a proxy that refuses again and
 * again for as long as the call may last. Fails with a {@link ProxyTunnelFailure}, or with a
 * {@link TlsHandshakeFailure}.
 *
 * Decides: whether the tunnel or Vault's own TLS has failed. Does not decide: whether a proxy is used (`config/`), which error a user sees
 * (`tunnel-error.ts`).
 */
export function proxyTunnel({ proxy, connectTimeoutMs, tls }: ProxyTunnelOptions): buildConnector.connector {
  const handshake = tlsConnector({ timeout: connectTimeoutMs, ...tls });
  return (target, callback) => {
    let settled = false;
    const connect = connectRequest(new URL(proxy), authorityOf(target));
    let tunnel: Socket | undefined;
    const settle: buildConnector.Callback = (...outcome) => {
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      if (outcome[0] !== null) tunnel?.destroy();
      callback(...outcome);
    };
    const deadline = setTimeout(() => {
      settle(new ProxyTunnelFailure('timeout'), null);
      connect.destroy();
    }, connectTimeoutMs);
    connect.on('error', (error) => settle(proxyFailureOf(errorCodeOf(error)), null));
    connect.on('connect', ({ statusCode = 0 }, socket: Socket) => {
      tunnel = socket.on('error', () => undefined);
      if (settled) socket.destroy();
      else if (statusCode < 200 || statusCode > 299) settle(new ProxyTunnelFailure('refused', `HTTP ${statusCode}`), null);
      else handshake({ ...target, httpSocket: socket }, (...outcome) => settle(...named(outcome)));
    });
    connect.end();
  };
}

function proxyFailureOf(code: string): ProxyTunnelFailure {
  return new ProxyTunnelFailure(isTlsCode(code) ? 'untrusted' : 'unreachable', code);
}

function authorityOf({ hostname, port }: buildConnector.Options): string {
  return `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port === '' ? '443' : port}`;
}

function connectRequest(proxy: URL, authority: string): ClientRequest {
  const { protocol, hostname, port, username, password } = proxy;
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  const options: HttpsRequestOptions = {
    agent: false,
    method: 'CONNECT',
    // The brackets of an IPv6 address belong into a URL only.
    host: hostname.replaceAll(/[[\]]/g, ''),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : port,
    path: authority,
    // Left out, Node would ask NODE_TLS_REJECT_UNAUTHORIZED and --tls-min-v1.0.
    rejectUnauthorized: true,
    minVersion: oldestTls,
    headers: {
      host: authority,
      connection: 'keep-alive',
      ...(username === '' && password === '' ? {} : { 'proxy-authorization': `Basic ${credentials}` }),
    },
  };
  return protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
}

/** A password may have a percent sign that encodes nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Only what a certificate or the protocol made of it is Vault's; the rest is the tunnel that broke. */
function named(outcome: Parameters<buildConnector.Callback>): Parameters<buildConnector.Callback> {
  const [error] = outcome;
  if (error === null || error instanceof TlsHandshakeFailure) return outcome;
  return [new ProxyTunnelFailure('broken', errorCodeOf(error)), null];
}
