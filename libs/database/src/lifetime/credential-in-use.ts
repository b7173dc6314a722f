import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { IssuedCredential } from '../credentials/issued-credential.js';

/** Credentials that pools use, or used until a moment ago. */
export interface CredentialInUse {
  readonly number: number;
  readonly issued: IssuedCredential;
  readonly credential: DatabaseCredential;
  /** They were revoked under us, as far as their source knows: there is nothing left to shorten. */
  lost: boolean;
  /** The database has refused a log-in with them: whatever replaces them has to differ, also in later tries. */
  refused: boolean;
}
