import type { VaultErrorCode } from './error-codes.js';
import { printableText } from './printable-text.js';

/** Safe facts about the request that failed: no token, no body, no secret. */
export interface VaultErrorRequest {
  readonly method: string;
  /** The path as the caller named it; for credentials in paths (a lease id) a template such as `sys/leases/renew`. */
  readonly path: string;
  readonly namespace?: string;
}

export interface VaultErrorOptions {
  /** What the reader can do about it. Appended to the message. */
  readonly remedy?: string;
  readonly request?: VaultErrorRequest;
  /** HTTP status that Vault answered, when it answered. */
  readonly status?: number;
  /** Messages of Vault's `errors` array, redacted. */
  readonly serverErrors?: readonly string[];
  /** Vault's `request_id`, which finds the call in its audit log, when the answer had one: most refusals have none. */
  readonly requestId?: string;
  /** How long Vault asked to wait (`Retry-After`), in milliseconds. */
  readonly retryAfterMs?: number;
  /** `false`: the request never left, because no connection could be made. Nothing can have happened on the server. */
  readonly sent?: false;
  /** The Vault error this one follows from. Foreign errors never go here: their properties may carry a token. */
  readonly cause?: VaultError;
}

/**
 * The one family of errors that leaves this package: what happened, with safe facts, and what to do next.
 * Every instance has a `code` from the catalogue in docs/reference/errors.md. Test with `isVaultError(error, code)`,
 * which also holds across duplicate copies of the package.
 */
export abstract class VaultError extends Error {
  abstract readonly code: VaultErrorCode;
  declare readonly remedy?: string;
  declare readonly request?: VaultErrorRequest;
  declare readonly status?: number;
  declare readonly serverErrors?: readonly string[];
  declare readonly requestId?: string;
  declare readonly retryAfterMs?: number;
  declare readonly sent?: false;

  constructor(message: string, options: VaultErrorOptions = {}) {
    const { remedy, cause, ...facts } = options;
    const said = printableText(remedy === undefined ? message : `${message} ${remedy}`);
    super(said, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    if (remedy !== undefined) this.remedy = printableText(remedy);
    Object.assign(this, facts);
  }
}
