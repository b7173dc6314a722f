import { TypedEvents } from '@keyturn/vault';
import { randomBytes } from 'node:crypto';
import { queryPostgres, type PostgresAccess } from '@keyturn/dev-services';
import type { CredentialEvent } from './credential-event.js';
import type { CredentialSource } from './credential-source.js';
import { DatabaseCredential } from './database-credential.js';
import type { IssuedCredential } from './issued-credential.js';

export interface SqlRoleSourceOptions {
  readonly admin: PostgresAccess;
  /** Role whose rights every issued role gets. */
  readonly group: string;
  readonly ttlMs?: number;
}

/** Plays Vault's database engine with nothing but SQL: makes LOGIN roles, and drops them when they are revoked or their time is over. */
export class SqlRoleSource implements CredentialSource {
  readonly mints = true;
  readonly name = 'sql/roles';
  /** What the test makes go wrong. */
  failWith: Error | undefined;
  /** Roles are issued only when that has happened: a source that takes long, or hangs. */
  issuesAfter: Promise<unknown> = Promise.resolve();
  /** Issue roles with a password that the database does not know. */
  brokenLogins = false;
  /** The database does not accept the password of a new role before this time is over, as a replica that lags. */
  acceptedAfterMs = 0;
  /** Issue roles whose sessions act as themselves: they lose their rights with the role. */
  actsAsItself = false;
  issued: SqlRole[] = [];
  readonly #options: SqlRoleSourceOptions;

  constructor(options: SqlRoleSourceOptions) {
    this.#options = options;
  }

  async issue(): Promise<IssuedCredential> {
    await this.issuesAfter;
    if (this.failWith !== undefined) throw this.failWith;
    const { admin, group, ttlMs = 3_600_000 } = this.#options;
    const role = `v_${group}_${randomBytes(6).toString('hex')}`;
    const password = randomBytes(12).toString('hex');
    const isKnown = !this.brokenLogins && this.acceptedAfterMs === 0;
    await queryPostgres(admin, `CREATE ROLE ${role} LOGIN PASSWORD '${isKnown ? password : 'other'}' IN ROLE ${group}`);
    if (this.acceptedAfterMs > 0) setTimeout(() => void this.#accept(role, password), this.acceptedAfterMs);
    if (!this.actsAsItself) await queryPostgres(admin, `ALTER ROLE ${role} SET role = '${group}'`);
    const issued = new SqlRole(new DatabaseCredential({ username: role, password }), ttlMs, admin);
    this.issued.push(issued);
    return issued;
  }

  /** A role that was revoked meanwhile is gone. */
  async #accept(role: string, password: string): Promise<void> {
    await queryPostgres(this.#options.admin, `ALTER ROLE ${role} PASSWORD '${password}'`).catch(() => undefined);
  }

  /** Roles that exist in the database. */
  async liveRoles(): Promise<string[]> {
    const rows = await queryPostgres(
      this.#options.admin,
      `SELECT rolname FROM pg_roles WHERE rolname LIKE 'v\\_${this.#options.group}\\_%'`,
    );
    return rows.map((row) => String(row['rolname']));
  }
}

/** A role that {@link SqlRoleSource} has made. */
export class SqlRole implements IssuedCredential {
  readonly atExpiry = 'unusable';
  readonly extendable = false;
  readonly issuedAtMs = performance.now();
  expiresAtMs: number;
  readonly #events = new TypedEvents<CredentialEvent>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly credential: DatabaseCredential,
    ttlMs: number,
    private readonly admin: PostgresAccess,
  ) {
    this.expiresAtMs = this.issuedAtMs + ttlMs;
    this.#arm(ttlMs);
  }

  announce(event: CredentialEvent): void {
    this.#events.emit(event);
  }

  subscribe(listener: (event: CredentialEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  async shorten(afterMs: number): Promise<void> {
    this.expiresAtMs = Math.min(this.expiresAtMs, performance.now() + afterMs);
    this.#arm(this.expiresAtMs - performance.now());
  }

  async revoke(): Promise<void> {
    clearTimeout(this.#timer);
    await queryPostgres(this.admin, `DROP ROLE IF EXISTS ${this.credential.username}`);
  }

  release(): void {
    clearTimeout(this.#timer);
  }

  #arm(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.revoke().catch(() => undefined), Math.min(afterMs, 2 ** 31 - 1));
    this.#timer.unref();
  }
}
