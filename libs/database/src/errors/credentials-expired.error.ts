import { DatabaseError } from './database-error.js';

/** The credentials have expired and could not be replaced in time; `cause` is why. */
export class CredentialsExpiredError extends DatabaseError {
  override readonly code = 'DATABASE_CREDENTIALS_EXPIRED';
}
