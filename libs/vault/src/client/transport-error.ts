import { VaultRequestError } from '../errors/vault-request.error.js';
import { VaultTlsError } from '../errors/vault-tls.error.js';
import { VaultUnreachableError } from '../errors/vault-unreachable.error.js';
import type { VaultError, VaultErrorRequest } from '../errors/vault-error.js';

const tlsCodes = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_SIGNATURE_FAILURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'EPROTO',
]);

/** Failures before a connection stood. */
const unsentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN']);

/** What a failed exchange means, told from the code of Node's error. The foreign error itself is not kept. */
export function transportError(code: string, origin: string, request: VaultErrorRequest): VaultError {
  if (isTlsCode(code)) {
    return new VaultTlsError(`The TLS handshake with ${origin} failed (${code}).`, {
      request,
      sent: false,
      remedy: tlsRemedy(code),
    });
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return new VaultRequestError(`${request.method} ${request.path} cannot be sent: a header of it is not valid.`, {
      request,
      sent: false,
      remedy: 'Check the token, the namespace and the wrap TTL: HTTP allows no line breaks in them and no characters beyond Latin-1.',
    });
  }
  return new VaultUnreachableError(`Vault at ${origin} cannot be reached (${code}).`, {
    request,
    ...(unsentCodes.has(code) ? { sent: false } : {}),
    remedy: 'Check VAULT_ADDR (option `address`), the network between, and that the server runs.',
  });
}

/** Whether the code of an error says that the TLS handshake failed, and not the connection below it. */
export function isTlsCode(code: string): boolean {
  return tlsCodes.has(code) || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS');
}

function tlsRemedy(code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'The certificate names another host: check VAULT_ADDR, or set `tls.serverName`.';
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return "Renew the server's certificate, or correct the clock.";
  if (code.includes('_ALERT_'))
    return 'The server ended it: set VAULT_CLIENT_CERT and VAULT_CLIENT_KEY if it asks for a client certificate, and check its TLS versions.';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return 'Check that VAULT_ADDR says https:// only if the server speaks TLS.';
  return "Set VAULT_CACERT (option `tls.caFile`) to the CA that signed the server's certificate.";
}

/** The code of Node's or undici's error; its name where it has none. */
export function errorCodeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : name;
}
