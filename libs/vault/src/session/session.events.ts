import type { VaultError } from '../errors/vault-error.js';

/** Why a token was replaced by another log-in. */
export type TokenReplacedReason = 'max-ttl' | 'renewal-failed' | 'revoked' | 'expired' | 'uses-spent';

/** What happens to a session, in the past tense; carries no token. */
export type SessionEvent =
  | { readonly type: 'loggedIn'; readonly method: string; readonly epoch: number; readonly ttlMs: number; readonly renewable: boolean }
  | { readonly type: 'loginFailed'; readonly method: string; readonly error: VaultError; readonly nextTryInMs: number }
  | { readonly type: 'tokenRenewed'; readonly epoch: number; readonly ttlMs: number }
  | { readonly type: 'tokenRenewalFailed'; readonly error: VaultError; readonly nextTryInMs: number }
  /** Leases of the earlier epoch end when their token does: at `previousExpiresAtMs`, or at once if it was revoked. */
  | {
      readonly type: 'tokenReplaced';
      readonly previousEpoch: number;
      readonly previousExpiresAtMs: number;
      readonly reason: TokenReplacedReason;
    }
  /** Tokens that were made for the session; one that could not be revoked lives until its TTL ends. */
  | { readonly type: 'sessionClosed'; readonly revoked: number; readonly leftAlive: number };
