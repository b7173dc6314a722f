import { DatabaseError } from './database-error.js';

/** The connection was still in use at the drain deadline of its credentials, or at the end of the shutdown, and was closed; `setting` is the limit. */
export class DrainDeadlineExceededError extends DatabaseError {
  override readonly code = 'DATABASE_DRAIN_DEADLINE_EXCEEDED';
}
