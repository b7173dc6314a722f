import { DatabaseError } from './database-error.js';

/** No connection of the pool became free within `connectTimeoutMS`. */
export class PoolTimeoutError extends DatabaseError {
  override readonly code = 'DATABASE_POOL_TIMEOUT';
}
