import type { RotatablePool } from '../../pool/rotatable-pool.js';
import type { Clock } from '@keyturn/vault';
import { errorFacts } from '../../errors/error-facts.js';
import type { RotationSnapshot } from './rotation-snapshot.js';
import { failureOf, heldIn, type RotationState } from '../../lifetime/rotation-state.js';

export interface RotationFacts {
  readonly source: string;
  readonly clock: Clock;
  readonly state: RotationState;
  /** The application shuts down: it serves, but nobody should give it more work. */
  readonly quiescing: boolean;
  readonly rotating: boolean;
  readonly rotations: number;
  readonly failures: number;
  readonly retiring: number;
  readonly pools: Iterable<RotatablePool>;
}

/** The snapshot of a rotation: safe to log, to serialise and to serve. */
export function describeRotation(facts: RotationFacts): RotationSnapshot {
  const { state, clock } = facts;
  const held = heldIn(state);
  const failure = failureOf(state);
  const remainingMs = held === undefined ? undefined : Math.max(0, Math.round(held.issued.expiresAtMs - clock.nowMs()));
  return {
    source: facts.source,
    state: facts.quiescing ? 'stopped' : state.kind,
    generation: held?.number,
    username: held?.credential.username,
    remainingMs,
    lifeMs: held === undefined ? undefined : Math.round(held.issued.expiresAtMs - held.issued.issuedAtMs),
    expiresAt: remainingMs === undefined ? undefined : new Date(clock.wallMs() + remainingMs).toISOString(),
    endsAtExpiry: held?.issued.atExpiry === 'unusable',
    rotating: facts.rotating,
    rotations: facts.rotations,
    failures: facts.failures,
    lastFailure: failure === undefined ? undefined : { ...errorFacts(failure.error), attempts: failure.attempts },
    retiring: facts.retiring,
    pools: [...facts.pools].map((pool) => pool.snapshot()),
  };
}
