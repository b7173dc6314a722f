import type { HealthStatus } from './health-report.js';

/** Below this share of its TTL a token should have been renewed: something delays it. */
const renewalLateBelow = 0.2;
/** Below this share it will not last until somebody looks. */
const endsSoonBelow = 0.05;

/**
 * What the time left of a token says: `down` below 5 % of its TTL, `degraded` below 20 %.
 * @param ttlMs full TTL in milliseconds; `Infinity` for one that does not expire
 */
export function timeLeftStatus(remainingMs: number, ttlMs: number): HealthStatus {
  if (remainingMs === Number.POSITIVE_INFINITY) return 'up';
  if (remainingMs <= ttlMs * endsSoonBelow) return 'down';
  return remainingMs < ttlMs * renewalLateBelow ? 'degraded' : 'up';
}

/** The worst of several statuses; `up` for none. */
export function worstStatus(...statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.includes('down')) return 'down';
  return statuses.includes('degraded') ? 'degraded' : 'up';
}
