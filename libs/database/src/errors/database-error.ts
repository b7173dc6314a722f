import type { DatabaseErrorCode } from './error-codes.js';

export interface DatabaseErrorOptions {
  /** What the reader can do about it. Appended to the message. */
  readonly remedy?: string;
  /** The option at fault, as the user wrote it: `typeorm.host`. */
  readonly setting?: string;
  /** SQLSTATE or system error code underneath: `28P01`, `ECONNREFUSED`. */
  readonly reason?: string;
  /** The typed error this one follows from. Driver errors never go here: they may carry connection settings. */
  readonly cause?: Error;
}

/**
 * The one family of errors that leaves this package: what happened, with safe facts, and what to do next.
 * Every instance has a `code` from the catalogue in docs/reference/errors.md. Test with `isDatabaseError(error, code)`,
 * which also holds across duplicate copies of the package.
 */
export abstract class DatabaseError extends Error {
  abstract readonly code: DatabaseErrorCode;
  declare readonly remedy?: string;
  declare readonly setting?: string;
  declare readonly reason?: string;

  constructor(message: string, options: DatabaseErrorOptions = {}) {
    const { remedy, cause, ...facts } = options;
    super(remedy === undefined ? message : `${message} ${remedy}`, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    if (remedy !== undefined) this.remedy = remedy;
    Object.assign(this, facts);
  }
}
