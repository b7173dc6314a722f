import type { Clock } from '@keyturn/vault';
import { CheckedSource } from '../credentials/checked-source/checked.source.js';
import { CredentialLifetime } from '../lifetime/credential-lifetime.js';
import type { RotationEvent } from '../lifetime/rotation-event.js';
import { LeadTime } from '../lifetime/schedule/lead-time.js';
import { resolveRotationOptions } from '../options/resolve-rotation-options.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import { CredentialSupply } from '../supply/credential-supply.js';
import { uninterrupted } from '../supply/uninterrupted-source.js';
import { ReplicaLag } from './flip/replica-lag.js';
import { awaitReplacement } from './recovery/overdue-credentials.js';
import type { RotationControllerOptions } from './rotation-controller.options.js';
import type { RotationParts } from './rotation-parts.js';
import type { Rotations } from './rotations.js';
import type { Shutdown } from './shutdown/shutdown.js';

export interface PartsOptions extends RotationControllerOptions {
  readonly clock: Clock;
  readonly emit: (event: RotationEvent) => void;
  readonly shutdown: Shutdown;
  /** Asked later: the rotations are made of these parts. */
  readonly rotations: () => Rotations;
}

/**
 * Makes the parts of a rotation and connects them: credentials that fall due are rotated, those that ended suspend the pools.
 * @throws DatabaseConfigurationError when a rotation option or the source is malformed
 */
export function connectParts(options: PartsOptions): RotationParts {
  const { clock, emit, random: chance = Math.random, shutdown, rotations } = options;
  const rotation = resolveRotationOptions(options.rotation);
  const random = (): number => fairChance(chance());
  const checked = new CheckedSource(options.source, { clock, timeoutMs: rotation.sourceTimeoutMs });
  const { stopping, over } = shutdown;
  const context = { clock, random, rotation, emit, stopping, over };
  const pools = new Set<RotatablePool>();
  const lead = new LeadTime();
  const supply = new CredentialSupply({ ...context, source: uninterrupted(checked, over) });
  const lifetime: CredentialLifetime = new CredentialLifetime({
    ...context,
    source: checked.name,
    leadMs: () => lead.ms,
    availableAtMs: () => supply.availableAtMs(),
    onDue: (reason) =>
      void rotations()
        .rotate(reason)
        .catch(() => undefined),
    onExpired: (error) => pools.forEach((pool) => pool.suspend(error)),
    onOverdue: (held, refuse) => void awaitReplacement(held, refuse, { ...context, pools, lifetime, rotations: rotations() }),
  });
  return { ...context, pools, lead, lag: new ReplicaLag(clock, emit), supply, lifetime };
}

/** Pauses and dates are reckoned with it: a value outside [0, 1) counts as 0. */
function fairChance(value: number): number {
  return value >= 0 && value < 1 ? value : 0;
}
