import type { HealthReport } from '@keyturn/vault';
import { rotationHealth } from '../rotation/report/rotation-health.js';
import type { DatabaseCredentials } from './database-credentials.js';

export interface DatabaseHealthFacts {
  readonly state: string;
  /** Number of the current credentials; null before the first. */
  readonly generation: number | null;
  /** Time left of the current credentials; null before the first. */
  readonly credentialTtlSeconds: number | null;
  readonly rotations: number;
  readonly inUse: number;
  readonly idle: number;
  readonly waiting: number;
  readonly draining: number;
  /** Code of the last failure, until it is made good. */
  readonly lastErrorCode?: string;
}

/**
 * Reports the credentials and the pools of a data source, in the shape that `HealthCheckService.check()` of @nestjs/terminus takes.
 * Makes no query. After a rotation that failed it is `degraded`, and `down` when the end of the credentials is near or has passed.
 */
export class DatabaseHealthIndicator {
  readonly #credentials: DatabaseCredentials;

  /** Made by `DatabaseModule`; inject it. */
  constructor(credentials: DatabaseCredentials) {
    this.#credentials = credentials;
  }

  /** @param key name of the report in the health answer */
  isHealthy(key = 'database'): HealthReport<DatabaseHealthFacts> {
    const snapshot = this.#credentials.snapshot();
    const { pools, remainingMs, generation, state, rotations, lastFailure } = snapshot;
    const sum = (count: (pool: (typeof pools)[number]) => number): number => pools.reduce((total, pool) => total + count(pool), 0);
    const code = lastFailure?.code ?? pools.map(({ outage, refusal }) => outage ?? refusal).find((one) => one !== undefined);
    return {
      [key]: {
        status: rotationHealth(snapshot),
        state,
        generation: generation ?? null,
        credentialTtlSeconds: remainingMs === undefined ? null : Math.floor(remainingMs / 1_000),
        rotations,
        inUse: sum((pool) => pool.inUse),
        idle: sum((pool) => pool.idle),
        waiting: sum((pool) => pool.waiting),
        draining: sum((pool) => pool.draining.length),
        ...(code === undefined ? {} : { lastErrorCode: code }),
      },
    };
  }
}
