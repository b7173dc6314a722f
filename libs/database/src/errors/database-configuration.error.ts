import { DatabaseError } from './database-error.js';

/** An option of the data source or of the rotation is missing, malformed or refused; `setting` names it. */
export class DatabaseConfigurationError extends DatabaseError {
  override readonly code = 'DATABASE_CONFIGURATION_INVALID';
}
