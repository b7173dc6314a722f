import type { SessionToken } from './session-state.js';

export interface RenewalTiming {
  /** Share of the TTL after which to act, 0.1 to 0.9. */
  readonly fraction: number;
  /** Share of the TTL by which chance may act earlier, never later. */
  readonly jitter: number;
}

/**
 * When to renew or replace the token: at the given fraction of its present life, minus jitter.
 * `Infinity` for a token that does not expire.
 */
export function tokenDueAtMs(token: SessionToken, timing: RenewalTiming, random: number): number {
  if (token.expiresAtMs === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  const lifeMs = token.expiresAtMs - token.acquiredAtMs;
  return token.acquiredAtMs + lifeMs * (timing.fraction - timing.jitter * random);
}

/**
 * Whether a renewal was cut short by the max TTL: Vault then returned clearly less than the TTL asked for, and the next
 * renewal would return less still. Source: Vault documentation, "Lease, renew, and revoke".
 */
export function isTruncated(returnedMs: number, requestedMs: number): boolean {
  return returnedMs < 0.8 * requestedMs;
}
