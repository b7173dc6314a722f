/** Limits of the HTTP exchange with Vault. */
export interface HttpOptions {
  /** Deadline of a whole call, in milliseconds. */
  readonly timeoutMs: number;
  /** Deadline for a connection including its TLS handshake, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Longest answer that is read, in bytes. */
  readonly maxResponseBytes: number;
  /** Connections kept to Vault at the most. */
  readonly maxConnections: number;
  /** HTTP proxy that is asked for a tunnel (CONNECT) to Vault; only for https addresses. May carry user and password. */
  readonly proxy?: string | undefined;
}

/** How the server's certificate is checked, and which one we show. PEM texts, already read from their files. */
export interface TlsMaterial {
  readonly ca?: string | readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly serverName?: string | undefined;
  readonly skipVerify?: boolean | undefined;
}
