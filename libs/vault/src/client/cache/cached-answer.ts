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
  /** When the answer was last moved to the front of the LRU order. */
  touchedAtMs: number;
  /** The same answer marked as stale, made when it is first needed. */
  staleResponse?: VaultResponse;
  /** Name under which `recall` finds it, with the value that callers get. */
  shortcut?: { readonly name: string; readonly value: Promise<unknown> };
}
