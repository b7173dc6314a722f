import { DatabaseError } from './database-error.js';

/** The pool is closed; no further connection can be taken from it. */
export class PoolClosedError extends DatabaseError {
  override readonly code = 'DATABASE_POOL_CLOSED';
}
