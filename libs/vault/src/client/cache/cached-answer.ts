import type { VaultResponse } from '../answer/vault-response.js';

/** An answer that the cache keeps. Times are on the monotonic clock. */
export interface CachedAnswer {
  readonly key: string;
  readonly resource: string;
  readonly response: VaultResponse;
  /** Serves as current until then. */
  readonly freshUntilMs: number;
  /** Serves while Vault is away until then, marked as stale. */
  readonly staleUntilMs: number;
  /** While Vault is away: not asked again before this time. */
  askAgainAtMs: number;
  /** The same answer marked as stale, made when it is first needed. */
  staleResponse?: VaultResponse;
  /** The way to it by name alone. */
  shortcut?: Shortcut;
}

/** What `recall` finds under a name: one look at the clock, and no other object, on the way of a read. */
export interface Shortcut {
  readonly name: string;
  /** What callers get: the same promise for all. */
  readonly value: Promise<unknown>;
  readonly answer: CachedAnswer;
  /** Until then nothing has to be looked at: the answer is fresh, and was moved to the front of the LRU order not long ago. */
  serveUntilMs: number;
}
