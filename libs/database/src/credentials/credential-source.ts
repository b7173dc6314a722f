import type { IssuedCredential } from './issued-credential.js';

/** Where a pool's credentials come from. The rotation asks for one at a time. */
export interface CredentialSource {
  /** For people: `database/creds/reader`. */
  readonly name: string;
  /**
   * Whether each `issue()` creates a new role in the database. Then credentials that turn out not to work count against the mint
   * budget. A static role only reads, so it may be asked again until the new password shows.
   */
  readonly mints: boolean;
  /**
   * The credentials to use from now on. Not retried here: the rotation paces the tries, at most one a second.
   * @param signal aborts when nobody waits any more. Where a role is created that is not at the stop of the application, but at the end
   * of its time: the role is revoked. It aborts after `rotation.sourceTimeoutMs` as well; what comes later is revoked
   * @throws the source's own typed error
   */
  issue(signal: AbortSignal): Promise<IssuedCredential>;
  /**
   * Whether an `issue()` that failed with `error` may have created a role all the same; that counts against the mint budget as well.
   * Without it the errors of Vault are judged: a request that was sent and got no answer may have.
   */
  mayHaveIssued?(error: unknown): boolean;
  /**
   * Asks the source to repair credentials that the database refuses although they are the latest ones (somebody changed the password by
   * hand). Resolves to whether it did.
   */
  repair?(signal: AbortSignal): Promise<boolean>;
}
