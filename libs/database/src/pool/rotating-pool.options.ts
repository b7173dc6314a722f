import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { Clock } from '@keyturn/vault';
import type { PoolOwner } from './pool-owner.js';

/** What every pool of a source has in common. */
export interface RotatingPoolContext {
  readonly owner: PoolOwner;
  readonly adapter: DriverAdapter;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Statement that new credentials must pass before they are used. */
  readonly validationQuery: string;
  /** Sockets at a time over all generations; undefined: twice the pool size. */
  readonly maxConnections: number | undefined;
  /** How long callers wait for a server that is away before they are told; undefined: the connect time-out. */
  readonly outageBudgetMs: number | undefined;
}
