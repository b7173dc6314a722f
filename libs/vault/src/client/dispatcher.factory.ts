import { Pool, ProxyAgent, type Dispatcher } from 'undici';
import { VaultConfigurationError } from '../errors/vault-configuration.error.js';
import type { HttpOptions, TlsMaterial } from './http-options.js';
import { errorCodeOf } from './transport-error.js';

const longestHeadersBytes = 32_768;

/**
 * Keep-alive connections to one origin, direct or through the tunnel of a proxy. A tunnel carries TLS from here to Vault:
 * the proxy sees neither token nor secret.
 * @throws VaultConfigurationError if the TLS material or the proxy cannot be used; names no value
 */
export function createDispatcher(origin: string, limits: HttpOptions, tls: TlsMaterial): Dispatcher {
  const pool = { connections: limits.maxConnections, maxHeaderSize: longestHeadersBytes, headersTimeout: 0, bodyTimeout: 0 };
  const requestTls = { timeout: limits.connectTimeoutMs, ...tlsOptions(tls) };
  try {
    if (limits.proxy === undefined) return new Pool(origin, { ...pool, connect: requestTls });
    return new ProxyAgent({ ...pool, uri: limits.proxy, proxyTunnel: true, requestTls, proxyTls: { timeout: limits.connectTimeoutMs } });
  } catch (error) {
    throw new VaultConfigurationError(`The TLS options cannot be used (${errorCodeOf(error)}).`, {
      remedy: 'Check that VAULT_CACERT (option `tls`) names PEM certificates and that the key fits the certificate.',
    });
  }
}

function tlsOptions(tls: TlsMaterial): Record<string, unknown> {
  return {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    ...(tls.skipVerify === true ? { rejectUnauthorized: false } : {}),
  };
}
