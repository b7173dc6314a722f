import type { VaultErrorRequest } from '../../errors/vault-error.js';
import { VaultTlsError } from '../../errors/vault-tls.error.js';
import { isCertificateCode, isTlsAlert } from './tls-codes.js';

/**
 * What a handshake that failed means.
 * @param code of Node's error
 * @param origin scheme, host and port of the server
 */
export function tlsError(code: string, origin: string, request: VaultErrorRequest): VaultTlsError {
  return new VaultTlsError(`The TLS handshake with ${origin} failed (${code}).`, { request, sent: false, remedy: remedyFor(code) });
}

/** Certificates that somebody unknown signed. */
const unknownAuthority = /^UNABLE_TO_(?:GET_ISSUER|VERIFY)|SELF_SIGNED|^CERT_UNTRUSTED$/;

function remedyFor(code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH')
    return 'The certificate names another host: check VAULT_ADDR, or set `tls.serverName`.';
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return "Renew the server's certificate, or correct the clock.";
  if (unknownAuthority.test(code)) return "Set VAULT_CACERT (option `tls.caFile`) to the CA that signed the server's certificate.";
  if (isCertificateCode(code)) return "Replace the server's certificate, or that of its CA: it is not made for a server, or is not valid.";
  if (isProtocolCode(code)) return 'The server speaks other TLS versions or ciphers: let it speak TLS 1.2 or 1.3.';
  if (isTlsAlert(code))
    return 'The server ended it: set VAULT_CLIENT_CERT and VAULT_CLIENT_KEY if it asks for a client certificate, or replace the one that it refuses.';
  return 'Check that VAULT_ADDR says https:// only if the server speaks TLS.';
}

function isProtocolCode(code: string): boolean {
  return /_ALERT_PROTOCOL_VERSION$|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|VERSION_TOO_LOW|NO_SHARED_CIPHER/.test(code);
}
