/** System errors (`ECONNRESET`, `EAI_AGAIN`, libuv's `UNKNOWN`) and those of libraries, which begin with the library's name. */
const otherFamilies = /^(?:E[A-Z\d]+$|EAI_|ERR_|UND_|HPE_|ABORT_|PROXY_|VAULT_|UNKNOWN$)/;

/**
 * Whether the code of Node's error says that a certificate was refused. Node gives OpenSSL's names of them without a prefix
 * (`INVALID_PURPOSE`), and `UNSPECIFIED` for those that it has no name for. Source: Node, "X509 certificate error codes".
 */
export function isCertificateCode(code: string): boolean {
  return /^[A-Z]+(?:_[A-Z]+)*$/.test(code) && !otherFamilies.test(code);
}

/**
 * Whether the code of an error says that the TLS handshake failed, and not the connection below it. @keyturn/database reads the codes of pg's
 * connections by a rule of its own, in `postgres-failure.ts`.
 */
export function isTlsCode(code: string): boolean {
  return isCertificateCode(code) || code === 'EPROTO' || /^ERR_(?:SSL|TLS|OSSL)_/.test(code);
}

/** Whether the code says that the other side ended TLS and gave the reason. Source: RFC 8446, 6. */
export function isTlsAlert(code: string): boolean {
  return code.startsWith('ERR_SSL_') && code.includes('_ALERT_');
}
