import type { CredentialEvent } from './credential-event.js';
import type { DatabaseCredential } from './database-credential.js';

/**
 * Credentials that a source has issued, with their life. All times are milliseconds on the monotonic clock (`performance.now()`), within
 * fifty years from now. Credentials with another time are refused (`CredentialsInvalidError`). A later change to such a time is ignored.
 */
export interface IssuedCredential {
  readonly credential: DatabaseCredential;
  /** When they began to live; moves forward when they are renewed. */
  readonly issuedAtMs: number;
  /** When they end; moves when they are renewed or shortened. */
  readonly expiresAtMs: number;
  /**
   * `unusable`: at `expiresAtMs` the database drops the role. `replaced`: at `expiresAtMs` the password changes, but sessions that
   * are open stay valid (a static role).
   */
  readonly atExpiry: 'unusable' | 'replaced';
  /** Whether the source can still move `expiresAtMs` to a later time. The rotation leaves more of the life to the renewal then. */
  readonly extendable: boolean;
  /** @returns removes the listener */
  subscribe(listener: (event: CredentialEvent) => void): () => void;
  /**
   * Makes the credentials end `afterMs` from now even if this process dies, where the source can do that. `expiresAtMs` holds the answer of
   * the source afterwards, which may be sooner.
   * @param signal aborts when nobody waits for the answer any more
   */
  shorten(afterMs: number, signal?: AbortSignal): Promise<void>;
  /**
   * Ends the credentials now. Idempotent: it is called again where it failed, or took longer than `rotation.sourceTimeoutMs`.
   * @param signal aborts when nobody waits for the answer any more
   */
  revoke(signal?: AbortSignal): Promise<void>;
  /** Stops looking after the credentials without ending them: no renewal and no event follows. */
  release(): void;
}
