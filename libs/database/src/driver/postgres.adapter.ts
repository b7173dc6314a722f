import type { PoolConfig } from 'pg';
import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { DriverAdapter } from './driver-adapter.js';
import type { FailureKind } from './failure-kind.js';
import type { NativePool, NativePoolListener } from './native-pool.js';
import type { PoolSettings } from './pool-settings.js';
import type { PostgresModule } from './postgres-client.js';
import { postgresFailureKind, postgresFailureReason } from './postgres-failure.js';
import { defaultConnectTimeoutMs, postgresPoolOptions } from './postgres-pool-options.js';
import { PostgresPool } from './postgres-pool.js';
import { TimedClients } from './timed-clients.js';

const defaultMax = 10;
const defaultPort = 5432;

/** PostgreSQL through `pg` 8. */
export class PostgresAdapter implements DriverAdapter {
  readonly #pg: PostgresModule;
  readonly #timedClients = new TimedClients();

  constructor(pg: PostgresModule) {
    this.#pg = pg;
  }

  settings(options: PoolConfig): PoolSettings {
    const { connectionTimeoutMillis } = options;
    return {
      target: `${options.host ?? 'localhost'}:${options.port ?? defaultPort}/${options.database ?? ''}`,
      max: options.max ?? defaultMax,
      acquireTimeoutMs: connectionTimeoutMillis === undefined || connectionTimeoutMillis === 0 ? undefined : connectionTimeoutMillis,
      connectTimeoutMs: connectionTimeoutMillis || defaultConnectTimeoutMs,
      handOff: !(Number.isFinite(options.maxUses) || (options.maxLifetimeSeconds ?? 0) > 0),
    };
  }

  openPool(options: PoolConfig, credential: DatabaseCredential, listener: NativePoolListener): NativePool {
    const client = this.#timedClients.of(options.Client ?? this.#pg.Client);
    return new PostgresPool(this.#pg, postgresPoolOptions(options, credential, client), listener);
  }

  classify(error: unknown): FailureKind {
    return postgresFailureKind(error);
  }

  reasonOf(error: unknown): string {
    return postgresFailureReason(error);
  }

  suggestsLostRole(sqlState: string): boolean {
    return sqlState === '42501' || sqlState === '28000' || sqlState === '28P01';
  }
}
