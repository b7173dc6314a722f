import type { HealthStatus } from './health-report.js';

/** Below this share of its TTL a credential should have been renewed: something delays it. */
const degradedBelow = 0.2;
/** Below this share it will not last until somebody looks. */
const downBelow = 0.05;

/**
 * What the time left of a credential says: `down` below 5 % of its TTL, `degraded` below 20 %.
 * @param ttlMs full TTL in milliseconds; `Infinity` for one that does not expire
 */
export function timeLeftStatus(remainingMs: number, ttlMs: number): HealthStatus {
  if (remainingMs === Number.POSITIVE_INFINITY) return 'up';
  if (remainingMs <= ttlMs * downBelow) return 'down';
  return remainingMs < ttlMs * degradedBelow ? 'degraded' : 'up';
}

/** The worst of several statuses; `up` for none. */
export function worstStatus(...statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.includes('down')) return 'down';
  return statuses.includes('degraded') ? 'degraded' : 'up';
}
