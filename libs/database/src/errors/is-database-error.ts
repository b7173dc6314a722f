import type { DatabaseError } from './database-error.js';
import { databaseErrorCodes, type DatabaseErrorCode } from './error-codes.js';

/**
 * Whether a caught value is a {@link DatabaseError}, and of the given code if one is named.
 * Looks at the code and not at the class, so it holds when two copies of the package are installed. TypeORM wraps what a
 * statement throws: test its `QueryFailedError.driverError`.
 */
export function isDatabaseError<Code extends DatabaseErrorCode>(
  error: unknown,
  code?: Code,
): error is DatabaseError & { readonly code: Code } {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return code === undefined ? Object.hasOwn(databaseErrorCodes, error.code) : error.code === code;
}
