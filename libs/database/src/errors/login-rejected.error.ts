import { DatabaseError } from './database-error.js';

/** The database refused the credentials that Vault issued; `reason` is the SQLSTATE. */
export class LoginRejectedError extends DatabaseError {
  override readonly code = 'DATABASE_LOGIN_REJECTED';
}
