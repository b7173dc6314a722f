import type { AuthMethod } from '../auth/auth-method.js';

/** What `VaultModule.forRoot` and `forRootAsync` take. Times are in milliseconds. */
export interface VaultOptions {
  /** Scheme, host and port, such as `https://vault.example.com:8200`. */
  readonly address: string;
  /** How to log in: `appRole({ ... })` or `token(...)`. */
  readonly auth: AuthMethod;
  /** Namespace of every call that names no other. */
  readonly namespace?: string | undefined;
  readonly tls?: VaultTlsOptions | undefined;
  /** Cache of unleased reads; `false` switches it off. Default: 300,000 ms, 1,000 entries. */
  readonly cache?: VaultCacheOptions | false | undefined;
  /** Repetition of failed calls; `false` switches it off. Default: 3 attempts, 500 ms, at most 30,000 ms. */
  readonly retry?: VaultRetryOptions | false | undefined;
  readonly http?: VaultHttpOptions | undefined;
  /** When the token is renewed: share of its TTL, 0.1 to 0.9. Default: 0.8. */
  readonly session?: { readonly renewAtFraction?: number | undefined } | undefined;
  /** When leases are renewed: share of their TTL, 0.1 to 0.9. Default: 2/3. */
  readonly leases?: { readonly renewAtFraction?: number | undefined } | undefined;
  /** KV engine that `getSecret` reads. Default mount: `secret`. */
  readonly kv?: { readonly mountPoint?: string | undefined } | undefined;
  /**
   * Numbers in answers that JavaScript would round (integers beyond 2^53, more than 15 to 17 digits, 1e400). `refuse` (default): the read
   * fails with a VaultNumberInexactError that names the field. `exact`: whole ones become a `bigint`, others an `ExactNumber`.
   */
  readonly numbers?: 'refuse' | 'exact' | undefined;
}

export interface VaultTlsOptions {
  /** File with the CA certificates (PEM) to trust instead of the system's. */
  readonly caFile?: string | undefined;
  /** Folder with CA certificate files (PEM), instead of one file. */
  readonly caFolder?: string | undefined;
  /** The same as text. */
  readonly ca?: string | undefined;
  /** Client certificate and key (PEM files). */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Name to expect in the server's certificate instead of the host. */
  readonly serverName?: string | undefined;
  /** Accepts any certificate. For experiments only; a warning is logged. */
  readonly skipVerify?: boolean | undefined;
}

export interface VaultCacheOptions {
  /** How long an answer serves. Default: 300,000. */
  readonly ttlMs?: number | undefined;
  /** Answers kept at the most. Default: 1,000. */
  readonly maxEntries?: number | undefined;
  /** How much longer a known answer may serve while Vault is away, marked as stale. Default: 0, never. */
  readonly staleIfUnavailableMs?: number | undefined;
}

export interface VaultRetryOptions {
  /** Tries in all, the first included. */
  readonly attempts?: number | undefined;
  readonly initialDelayMs?: number | undefined;
  readonly maxDelayMs?: number | undefined;
  /** Repetitions of all calls together: `ratio` for each call (default 0.2), and `reserve` that may be saved up (default 20). */
  readonly budget?: { readonly ratio?: number | undefined; readonly reserve?: number | undefined } | undefined;
}

export interface VaultHttpOptions {
  /** Deadline of a call, with its repetitions, redirects and the log-in that it waits for. Default: 15,000. */
  readonly timeoutMs?: number | undefined;
  /** Deadline for a connection and its TLS handshake. Default: 5,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Default: 1,048,576. */
  readonly maxResponseBytes?: number | undefined;
  /** Default: 32. */
  readonly maxConnections?: number | undefined;
  /**
   * HTTP proxy, such as `http://proxy.example.com:3128`, that is asked for a tunnel (CONNECT) to an https address. Refused for
   * http addresses: the proxy would see the token. `false`: none, whatever the environment names.
   */
  readonly proxy?: string | false | undefined;
}
