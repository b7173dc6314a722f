import { DatabaseError } from './database-error.js';

/** No connection to the database server could be made within the budget; `reason` is the system error code or SQLSTATE. */
export class ServerUnreachableError extends DatabaseError {
  override readonly code = 'DATABASE_SERVER_UNREACHABLE';
}
