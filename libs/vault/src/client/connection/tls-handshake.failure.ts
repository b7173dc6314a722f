/** A TLS handshake that failed, or that the server called off after it. Never leaves the package; holds no foreign error. */
export class TlsHandshakeFailure extends Error {
  readonly code = 'TLS_HANDSHAKE_FAILED';
  /** Code of Node's error, such as `CERT_HAS_EXPIRED`. */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.name = 'TlsHandshakeFailure';
    this.reason = reason;
  }
}
