import type { ConnectionOptions } from 'node:tls';
import type { ClientBase, PoolConfig } from 'pg';
import type { DatabaseCredential } from '../../credentials/database-credential.js';
import type { DriverAdapter } from '../driver-adapter.js';
import type { FailureKind } from '../failure-kind.js';
import type { NativePool, NativePoolListener } from '../native-pool.js';
import { poolSizeOf, postgresOptionRules } from '../options/postgres-option-rules.js';
import { resolveOptions } from '../options/resolve-options.js';
import { resolveTls } from '../options/tls-options.js';
import type { PoolSettings } from '../pool-settings.js';
import type { PostgresModule } from './postgres-client.js';
import { mayAcceptLater, postgresFailureKind, postgresFailureReason } from './postgres-failure.js';
import { defaultConnectTimeoutMs, postgresPoolOptions, type PostgresPoolOptions } from './postgres-pool-options.js';
import { PostgresPool } from './postgres-pool.js';
import { TimedClients } from './timed-clients.js';

const defaultPort = 5432;

/**
 * PostgreSQL through `pg` 8.
 *
 * The folder `driver/postgres/` decides how pg's clients are made to end: every log-in, statement of ours and close has a time limit, and a
 * stream ends when its connection breaks. It reads pg's errors into a `FailureKind`. It does not decide which options are allowed
 * (`driver/options/`), nor which proof of a log-in a server may ask for (`driver/authentication/`).
 */
export class PostgresAdapter implements DriverAdapter {
  readonly #pg: PostgresModule;
  readonly #timedClients = new TimedClients();
  /** What `onConnect` of an application threw; its callers get it as it is. */
  readonly #onConnectFailures = new WeakSet<object>();
  #hasWarned = false;

  constructor(pg: PostgresModule) {
    this.#pg = pg;
  }

  settings(given: PostgresPoolOptions): PoolSettings {
    const options = this.#resolve(given);
    this.#warnOfTheVariable(options.ssl);
    const { connectionTimeoutMillis, maxUses = 0, maxLifetimeSeconds = 0 } = options;
    return {
      product: 'PostgreSQL',
      target: `${options.host || 'localhost'}:${options.port ?? defaultPort}/${options.database ?? ''}`,
      max: poolSizeOf(options),
      acquireTimeoutMs: connectionTimeoutMillis || undefined,
      connectTimeoutMs: connectionTimeoutMillis || defaultConnectTimeoutMs,
      // For pg-pool, no uses are as many as you like.
      handOff: (maxUses === 0 || maxUses === Number.POSITIVE_INFINITY) && maxLifetimeSeconds === 0,
    };
  }

  openPool(given: PostgresPoolOptions, credential: DatabaseCredential, listener: NativePoolListener): NativePool {
    const options = this.#resolve(given);
    const client = this.#timedClients.of(options.Client ?? this.#pg.Client);
    const noted = { ...options, ...this.#notingFailures(options.onConnect) };
    return new PostgresPool(this.#pg, postgresPoolOptions(noted, credential, client), listener);
  }

  classify(error: unknown): FailureKind {
    return postgresFailureKind(error);
  }

  mayAcceptLater(error: unknown): boolean {
    return mayAcceptLater(error);
  }

  reasonOf(error: unknown): string {
    return postgresFailureReason(error);
  }

  suggestsLostRole(sqlState: string): boolean {
    return sqlState === '42501' || sqlState === '28000' || sqlState === '28P01';
  }

  settingOf(error: unknown): string | undefined {
    return this.#onConnectFailures.has(error as object) ? 'typeorm.extra.onConnect' : undefined;
  }

  #notingFailures(onConnect: ((client: ClientBase) => unknown) | undefined): { readonly onConnect?: (client: ClientBase) => unknown } {
    if (onConnect === undefined) return {};
    return {
      onConnect: async (client) => {
        try {
          await onConnect(client);
        } catch (error) {
          if (typeof error === 'object' && error !== null) this.#onConnectFailures.add(error);
          throw error;
        }
      },
    };
  }

  #resolve(given: PostgresPoolOptions): PostgresPoolOptions {
    const ssl = resolveTls('ssl', given.ssl);
    return { ...resolveOptions('', given, postgresOptionRules), ssl: typeof ssl === 'object' && ssl !== null ? ssl : this.#switchOf(ssl) };
  }

  /** As pg reads it, which knows PGSSLMODE and its own default: what is on has to say that certificates are verified. */
  #switchOf(ssl: boolean | null | undefined): boolean | ConnectionOptions {
    if (typeof ssl === 'boolean') return ssl;
    const { ssl: found } = new this.#pg.Client(ssl === null ? { ssl: false } : {}) as { readonly ssl?: boolean | ConnectionOptions };
    return found ?? false;
  }

  #warnOfTheVariable(ssl: PoolConfig['ssl']): void {
    const isVerified = ssl === true || (typeof ssl === 'object' && ssl.rejectUnauthorized !== false);
    if (this.#hasWarned || !isVerified || process.env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return;
    this.#hasWarned = true;
    process.emitWarning(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 is not followed for the database: its certificate is verified. Only ' +
        'typeorm.ssl.rejectUnauthorized: false switches that off.',
    );
  }
}
