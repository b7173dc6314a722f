import { DatabaseError } from './database-error.js';

/** The source of the credentials did not issue any; `cause` is its error. */
export class CredentialsUnavailableError extends DatabaseError {
  override readonly code = 'DATABASE_CREDENTIALS_UNAVAILABLE';
}
