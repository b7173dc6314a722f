import { createSecureContext } from 'node:tls';
import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import type { HttpOptions, TlsMaterial } from '../http/http-options.js';
import { oldestTls } from '../connection/oldest-tls.js';
import { tlsConnector } from '../connection/tls-connector.js';
import { proxyTunnel } from '../proxy/proxy-tunnel.js';
import { errorCodeOf } from '../http/transport-error.js';
import { ReusingPool } from './reusing-pool.js';

const longestHeadersBytes = 32_768;

/**
 * Keep-alive connections to one origin, direct or through the tunnel of a proxy. A tunnel carries TLS from here to Vault:
 * the proxy sees neither token nor secret.
 * @throws VaultConfigurationError if the TLS material cannot be used; names no value
 */
export function createDispatcher(origin: string, limits: HttpOptions, tls: TlsMaterial): ReusingPool {
  const pool = { connections: limits.maxConnections, maxHeaderSize: longestHeadersBytes, headersTimeout: 0, bodyTimeout: 0 };
  checkTls(tls);
  const { connectTimeoutMs, proxy } = limits;
  const spoken = tlsOptions(tls);
  const connect =
    proxy === undefined ? tlsConnector({ timeout: connectTimeoutMs, ...spoken }) : proxyTunnel({ proxy, connectTimeoutMs, tls: spoken });
  return new ReusingPool(origin, { ...pool, connect });
}

/** undici looks at the material when it connects: what cannot be used would look like a Vault that is away. */
function checkTls({ ca, cert, key }: TlsMaterial): void {
  if (ca === undefined && cert === undefined && key === undefined) return;
  try {
    createSecureContext({ ca: ca === undefined ? undefined : [ca].flat(), cert, key });
  } catch (error) {
    throw new VaultConfigurationError(`The TLS options cannot be used (${errorCodeOf(error)}).`, {
      setting: 'tls',
      remedy: 'OpenSSL refuses a certificate or key of them: it may be damaged, too short, or signed in a way that is too weak.',
    });
  }
}

function tlsOptions(tls: TlsMaterial): Record<string, unknown> {
  return {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    // Said in every case, because what is left out Node takes from NODE_TLS_REJECT_UNAUTHORIZED and --tls-min-v1.0.
    rejectUnauthorized: tls.skipVerify !== true,
    minVersion: oldestTls,
  };
}
