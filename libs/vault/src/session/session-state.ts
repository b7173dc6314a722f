import type { VaultCredential } from '../client/request/vault-request.js';
import type { VaultError } from '../errors/vault-error.js';
import type { TokenUses } from './token/token-uses.js';

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

/** Where a session stands. `failing` keeps the token that still lives, if there is one. */
export type SessionState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'authenticated'; readonly token: SessionToken }
  | {
      readonly kind: 'failing';
      readonly token: SessionToken | undefined;
      readonly error: VaultError;
      readonly failures: number;
      readonly nextTryAtMs: number;
    }
  | { readonly kind: 'closed' };

/** The token of the state, if it has one. */
export function tokenOf(state: SessionState): SessionToken | undefined {
  return state.kind === 'authenticated' || state.kind === 'failing' ? state.token : undefined;
}
