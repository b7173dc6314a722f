import { DatabaseError } from './database-error.js';

/** A source issued credentials that cannot be used: a field is missing or has a value that means nothing. The message names it. */
export class CredentialsInvalidError extends DatabaseError {
  override readonly code = 'DATABASE_CREDENTIALS_INVALID';
}
