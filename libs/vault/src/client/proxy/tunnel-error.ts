import type { VaultError, VaultErrorRequest } from '../../errors/vault-error.js';
import { VaultTimeoutError } from '../../errors/vault-timeout.error.js';
import { VaultTlsError } from '../../errors/vault-tls.error.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import type { ProxyTunnelFailure } from './proxy-tunnel.failure.js';

export interface TunnelErrorFacts {
  readonly origin: string;
  /** Address of the proxy; only its host and port are shown. */
  readonly proxy: string;
  readonly connectTimeoutMs: number;
  readonly request: VaultErrorRequest;
}

/** What a tunnel that failed means: names the proxy's host and port, and says that nothing was sent. */
export function tunnelError({ problem, reason }: ProxyTunnelFailure, { origin, proxy, ...facts }: TunnelErrorFacts): VaultError {
  const at = `The proxy at ${new URL(proxy).host}`;
  const options = { request: facts.request, sent: false } as const;
  const setting = 'VAULT_PROXY_ADDR (option `http.proxy`)';
  switch (problem) {
    case 'timeout':
      return new VaultTimeoutError(`${at} gave no tunnel to ${origin} within ${facts.connectTimeoutMs} ms.`, {
        ...options,
        remedy: `Check ${setting}, the proxy and the way from it to Vault, or raise \`http.connectTimeoutMs\`.`,
      });
    case 'unreachable':
      return new VaultUnreachableError(`${at} cannot be reached (${reason}).`, {
        ...options,
        remedy: `Check ${setting} and that the proxy runs.`,
      });
    case 'untrusted':
      return new VaultTlsError(`The TLS handshake with the proxy at ${new URL(proxy).host} failed (${reason}).`, {
        ...options,
        remedy: `Check ${setting}: https:// only if the proxy speaks TLS, with a certificate of an authority that Node trusts (NODE_EXTRA_CA_CERTS adds one).`,
      });
    case 'refused':
      return new VaultUnreachableError(`${at} refused a tunnel to ${origin} (${reason}).`, {
        ...options,
        remedy: reason === 'HTTP 407' ? `Check user and password in ${setting}.` : 'Check VAULT_ADDR and what the proxy allows.',
      });
    case 'broken':
      return new VaultUnreachableError(`${at} gave a tunnel to ${origin} that broke in the TLS handshake (${reason}).`, {
        ...options,
        remedy: 'Check VAULT_ADDR and what the proxy allows.',
      });
  }
}
