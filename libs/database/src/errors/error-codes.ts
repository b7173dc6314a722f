/**
 * Every code a {@link DatabaseError} can carry, with the sentence that docs/reference/errors.md shows for it.
 * Codes are part of the public contract: they are added, never renamed.
 */
export const databaseErrorCodes = {
  DATABASE_CONFIGURATION_INVALID: 'An option of the data source or of the rotation is missing, malformed or refused; the message names it.',
  DATABASE_SERVER_UNREACHABLE: 'No connection to the database server could be made within the budget.',
  DATABASE_LOGIN_REJECTED: 'The database refused the credentials that Vault issued.',
  DATABASE_CREDENTIALS_UNAVAILABLE: 'The source of the credentials (Vault) did not issue any.',
  DATABASE_CREDENTIALS_INVALID: 'A source issued credentials that cannot be used; the message names the field.',
  DATABASE_CREDENTIALS_EXPIRED: 'The credentials have expired and could not be replaced in time.',
  DATABASE_MINT_BUDGET_EXHAUSTED: 'Too many credentials were issued that did not work; no more are asked for until the budget recovers.',
  DATABASE_DRAIN_DEADLINE_EXCEEDED:
    'A connection was still in use at the drain deadline of its credentials, or when the time of the shutdown was over, and was closed.',
  DATABASE_POOL_TIMEOUT: 'No connection of the pool became free within `connectTimeoutMS`.',
  DATABASE_POOL_CLOSED: 'The pool is closed; no further connection can be taken from it.',
  DATABASE_ROTATION_STOPPED: 'The rotation was stopped, because the application shuts down.',
} as const;

export type DatabaseErrorCode = keyof typeof databaseErrorCodes;
