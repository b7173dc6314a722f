import type { PoolSnapshot } from '../../pool/pool-snapshot.js';

/**
 * A source at one moment, for health checks and metrics. No secret in it.
 *
 * The folder `report/` decides what people and monitors are told of a rotation, and when it counts as healthy. It changes nothing in the
 * rotation, and it does not log: the listeners of the events do (`nest/`).
 */
export interface RotationSnapshot {
  readonly source: string;
  readonly state: 'idle' | 'serving' | 'expired' | 'stopped';
  /** Number of the current credentials; undefined before the first. */
  readonly generation: number | undefined;
  readonly username: string | undefined;
  /** Time left, never negative; undefined without credentials. */
  readonly remainingMs: number | undefined;
  /** Whole life of the current credentials. */
  readonly lifeMs: number | undefined;
  readonly expiresAt: string | undefined;
  /** Whether the database drops the role at the end; a static role lives on. */
  readonly endsAtExpiry: boolean;
  readonly rotating: boolean;
  readonly rotations: number;
  readonly failures: number;
  /** Set from a failed try until one succeeds. */
  readonly lastFailure: { readonly code: string; readonly message: string; readonly attempts: number } | undefined;
  /** Retired generations whose connections or lease still live. */
  readonly retiring: number;
  readonly pools: readonly PoolSnapshot[];
}
