import type { VaultError } from '../errors/vault-error.js';
import { backoffMs } from '../support/time/backoff.js';
import type { SessionToken } from './token/session-token.js';

export interface RenewalTiming {
  /** Share of the TTL after which to act, 0.1 to 0.9. */
  readonly fraction: number;
  /** Share of the TTL by which chance may act earlier, never later. */
  readonly jitter: number;
}

/** At least this long between two calls that the session makes on its own account. */
export const sessionPaceMs = 1_000;

/** Short, so that the session is back within seconds of Vault; a refused log-in waits longer, as it may lock the user out. */
const awayBackoff = { initialMs: 1_000, maxMs: 4_000, jitter: 0.25 };
const refusedBackoff = { initialMs: 1_000, maxMs: 30_000, jitter: 0.25 };
/** A page in front of Vault may ask for an hour; Vault's own answers ask for seconds. */
const longestRetryAfterMs = 30_000;

/**
 * When to renew or replace the token: at the given fraction of its present life, minus jitter, but not within a second of its start.
 * `Infinity` for a token that does not expire.
 */
export function tokenDueAtMs(token: SessionToken, timing: RenewalTiming, random: number): number {
  if (token.expiresAtMs === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  const lifeMs = token.expiresAtMs - token.acquiredAtMs;
  const dueMs = token.acquiredAtMs + lifeMs * (timing.fraction - timing.jitter * random);
  return Math.max(dueMs, token.acquiredAtMs + sessionPaceMs);
}

/**
 * Whether a renewal was cut short by the max TTL: Vault then returned clearly less than the TTL asked for, and the next
 * renewal would return less still. Source: Vault documentation, "Lease, renew, and revoke".
 */
export function isTruncated(returnedMs: number, requestedMs: number): boolean {
  return returnedMs < 0.8 * requestedMs;
}

/** Whether `token` cannot be kept until `untilMs`, and has lived long enough for another one to live clearly longer. */
export function endsTooSoon(token: SessionToken, nowMs: number, untilMs: number): boolean {
  return !token.renewable && token.expiresAtMs < untilMs && isTruncated(token.expiresAtMs - nowMs, token.ttlMs);
}

/**
 * How long to wait after a log-in or renewal that failed for the `failures`-th time in a row: as long as Vault asks, within reason, or
 * a back-off.
 * @param random a number in [0, 1)
 */
export function tokenRetryDelayMs(error: VaultError, failures: number, random: number): number {
  const backoff = error.code === 'VAULT_AUTHENTICATION_FAILED' ? refusedBackoff : awayBackoff;
  const askedMs = error.retryAfterMs === undefined ? undefined : Math.min(error.retryAfterMs, longestRetryAfterMs);
  return Math.max(sessionPaceMs, askedMs ?? backoffMs(failures, backoff, random));
}
