/** What the demo shows of `GET /health`; a part is undefined when the application does not report it. */
export interface HealthFacts {
  readonly status: string;
  readonly token: { readonly state: string; readonly ttlSeconds: number | undefined } | undefined;
  readonly leases: { readonly count: number; readonly soonestExpirySeconds: number | undefined } | undefined;
  readonly database: DatabaseFacts | undefined;
}

/** The pool of the application. */
export interface DatabaseFacts {
  readonly generation: number;
  readonly credentialTtlSeconds: number | undefined;
  readonly inUse: number;
  readonly waiting: number;
  /** Older generations that still have a connection. */
  readonly draining: number;
}
