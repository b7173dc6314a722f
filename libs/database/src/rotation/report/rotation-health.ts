import type { RotationSnapshot } from './rotation-snapshot.js';

/** `degraded`: serves, but somebody should look. `down`: cannot serve, or will not be able to before anybody has looked. */
export type RotationHealth = 'up' | 'degraded' | 'down';

/** Below this share of their life, credentials should have been replaced even if no try failed: a rotation is due at 0.8 of it by default. */
const overdueBelow = 0.1;
/** Below this share, credentials whose replacement failed will not last until somebody has looked. */
const endsSoonBelow = 0.05;

/**
 * The health of a source, from its snapshot. A short rest of life alone is no fault: it is the normal moment of a rotation. A short rest
 * after a failed rotation is one.
 */
export function rotationHealth(snapshot: RotationSnapshot): RotationHealth {
  const { state, lastFailure, pools, endsAtExpiry, remainingMs, lifeMs } = snapshot;
  if (state !== 'serving' || pools.length === 0) return 'down';
  if (pools.some(({ outage, refusal }) => outage !== undefined || refusal !== undefined)) return 'down';
  const left = remainingMs === undefined || !lifeMs ? 1 : remainingMs / lifeMs;
  if (endsAtExpiry && lastFailure !== undefined && left < endsSoonBelow) return 'down';
  return lastFailure !== undefined || (endsAtExpiry && left < overdueBelow) ? 'degraded' : 'up';
}
