/** Limits of the cache. Times are in milliseconds. */
export interface CacheOptions {
  /** How long an answer serves as current. */
  readonly ttlMs: number;
  /** Answers kept at the most; the least recently used goes first. */
  readonly maxEntries: number;
  /** How much longer a known answer may serve while Vault is away, marked as stale. 0: never. */
  readonly staleIfUnavailableMs: number;
}

/** Counts since the start of the connection. */
export interface CacheStats {
  readonly hits: number;
  readonly misses: number;
  /** Share of reads that were answered from memory, 0 to 1. */
  readonly hitRate: number;
  readonly entries: number;
  /** Answers dropped because the cache was full. */
  readonly evictions: number;
  /** Reads that an older answer served while Vault was away. */
  readonly staleServed: number;
  /** Reads that joined the call of another reader. */
  readonly joined: number;
}
