import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { IssuedCredential } from '../credentials/issued-credential.js';

/** Credentials that pools use, or used until a moment ago. The code calls them `held`. */
export interface CredentialInUse {
  readonly number: number;
  readonly issued: IssuedCredential;
  readonly credential: DatabaseCredential;
  /** Their source says that they do not work any more: there is nothing left to shorten. */
  lost: boolean;
  /** The database has refused a log-in with them: what replaces them has to differ, in later tries as well. */
  refused: boolean;
}
