import type { VaultCredential } from '../../client/request/vault-request.js';
import type { TokenUses } from './token-uses.js';

/** A token the session holds. Times are on the monotonic clock. */
export interface SessionToken {
  readonly credential: VaultCredential;
  /** When the request of the log-in or of the last renewal left: the present life counts from here. */
  readonly acquiredAtMs: number;
  /** `Infinity` for a token that does not expire. */
  readonly expiresAtMs: number;
  /** Longest TTL it was ever given, in milliseconds: a renewal that returns clearly less was cut by the max TTL. */
  readonly ttlMs: number;
  readonly renewable: boolean;
  readonly owned: boolean;
  /** Set where the token may be used a limited number of times. */
  readonly uses?: TokenUses | undefined;
}
