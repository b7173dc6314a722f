import type { IssuedCredential } from './issued-credential.js';

/**
 * Where a pool's credentials come from. The rotation asks for one at a time.
 *
 * The folder `credentials/` decides what credentials are, how Vault is asked for those of a role (`roles/`), and what code of the application
 * may give instead (`checked-source/`). It does not decide when or how often a source is asked (`lifetime/`, `supply/`), and it does not log in
 * (`driver/`).
 */
export interface CredentialSource {
  /** For people: `database/creds/reader`. */
  readonly name: string;
  /**
   * Whether each `issue()` creates a new role in the database. Credentials that turn out not to work count against the mint budget then.
   * The source of a static role only reads: it may be asked again until the new password shows.
   */
  readonly mints: boolean;
  /**
   * The credentials to use from now on. A source does not retry: the rotation paces the tries, at most one a second.
   * @param signal aborts when nobody waits any more, and after `rotation.sourceTimeoutMs`: credentials that come later are revoked. While the
   * application stops, a source that mints is given until the end of the shutdown, as its role has to be revoked
   * @throws the source's own typed error
   */
  issue(signal: AbortSignal): Promise<IssuedCredential>;
  /**
   * Whether an `issue()` that failed with `error` may have created a role all the same. Such a role counts against the mint budget as well.
   * Without this method the errors of Vault are judged: a request that was sent and got no answer may have created one.
   */
  mayHaveIssued?(error: unknown): boolean;
  /**
   * Repairs credentials that the database refuses although they are the latest ones, as somebody changed the password by hand. Called by
   * `PasswordReader` (`supply/`), for a source that does not mint: once in a read, and when the refusal has lasted for some seconds.
   * @returns whether the source did so
   */
  repair?(signal: AbortSignal): Promise<boolean>;
}
