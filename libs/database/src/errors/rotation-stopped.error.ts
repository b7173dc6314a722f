import { DatabaseError } from './database-error.js';

/** The rotation was stopped, because the application shuts down. */
export class RotationStoppedError extends DatabaseError {
  override readonly code = 'DATABASE_ROTATION_STOPPED';
}
