import type { CredentialEvent } from './credential-event.js';
import type { DatabaseCredential } from './database-credential.js';

/**
 * Credentials that a source has issued, with their life. All times are milliseconds on the monotonic clock (`performance.now()`), numbers
 * within fifty years from now. Others are refused when they are issued (`CredentialsInvalidError`), and not taken later.
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
  /** Whether the source can still move `expiresAtMs` to a later time. Then the rotation leaves more of the life to renewal. */
  readonly extendable: boolean;
  /** @returns removes the listener */
  subscribe(listener: (event: CredentialEvent) => void): () => void;
  /**
   * Ends them `afterMs` from now even if this process dies, where the source can do that.
   * Afterwards `expiresAtMs` holds the source's answer, which may be sooner.
   * @param signal aborts when nobody waits for the answer any more
   */
  shorten(afterMs: number, signal?: AbortSignal): Promise<void>;
  /**
   * Ends them now. Idempotent: it is called again where it failed, or took longer than `rotation.sourceTimeoutMs`.
   * @param signal aborts when nobody waits for the answer any more
   */
  revoke(signal?: AbortSignal): Promise<void>;
  /** Stops looking after them without ending them: renewal stops, listeners go. */
  release(): void;
}
