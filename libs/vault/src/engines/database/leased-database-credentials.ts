import { inspect } from 'node:util';
import { redacted } from '../../support/redaction/redacted.js';
import type { TrackedLease } from '../../leases/tracked/tracked-lease.js';
import type { GeneratedCredentials } from './database.types.js';

/** A database user of Vault that lives until you release it: its lease is renewed meanwhile. Shows no password. */
export class LeasedDatabaseCredentials {
  readonly username: string;
  readonly lease: TrackedLease;
  readonly #password: string;

  constructor({ username, password }: GeneratedCredentials, lease: TrackedLease) {
    this.username = username;
    this.#password = password;
    this.lease = lease;
  }

  get password(): string {
    return this.#password;
  }

  /** Milliseconds left, never negative; grows again with each renewal. */
  remainingMs(): number {
    return this.lease.remainingMs();
  }

  /** Drops the database user: revokes the lease. */
  release(): Promise<void> {
    return this.lease.revoke();
  }

  toJSON(): Record<string, unknown> {
    return { username: this.username, password: redacted, remainingMs: Math.round(this.remainingMs()) };
  }

  [inspect.custom](): string {
    return `LeasedDatabaseCredentials ${inspect(this.toJSON())}`;
  }
}
