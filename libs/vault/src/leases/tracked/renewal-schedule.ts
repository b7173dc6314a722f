/** When to renew leases, and how hard to try. Shares are between 0 and 1, times in milliseconds. */
export interface LeaseTiming {
  /** Share of the lease after which it is renewed, 0.1 to 0.9. */
  readonly fraction: number;
  /** Share of the lease by which chance may renew earlier, never later. */
  readonly jitter: number;
}

export interface LeaseLife {
  /** When the life began, at the latest: the request that granted or renewed it left then. */
  readonly fromMs: number;
  readonly expiresAtMs: number;
}

/** Pause between two calls for one lease, so that no answer, however wrong, can make a hot loop. */
export const leasePaceMs = 1_000;

/** When to renew a lease: at the fraction of its present life, minus jitter, but not within a second of its start. */
export function leaseDueAtMs(life: LeaseLife, timing: LeaseTiming, random: number): number {
  const dueMs = life.fromMs + (life.expiresAtMs - life.fromMs) * (timing.fraction - timing.jitter * random);
  return Math.max(dueMs, life.fromMs + leasePaceMs);
}

/** Whether the server returned clearly less than was asked for: the max TTL is near, so the credential has to be replaced. */
export function isRenewalTruncated(returnedMs: number, requestedMs: number): boolean {
  return returnedMs < 0.8 * requestedMs;
}

/**
 * When to try again after a failed renewal: after the delay, but a second before the lease ends if that is sooner, so that there is a
 * last try; at its end when no second is left.
 */
export function leaseRetryAtMs(nowMs: number, delayMs: number, expiresAtMs: number): number {
  const lastTryAtMs = expiresAtMs - leasePaceMs;
  if (lastTryAtMs < nowMs + leasePaceMs) return Math.max(expiresAtMs, nowMs);
  return Math.min(nowMs + Math.max(delayMs, leasePaceMs), lastTryAtMs);
}

/** Vault answers in whole seconds, rounded down. */
const answerResolutionMs = 1_000;
/** A look-up counts from the server's clock, which is first rounded to the nearest second: up to half a second more is missing. */
export const lookUpResolutionMs = 1_500;

/**
 * When a lease ends of which `knownMs` was known and `answeredMs` is now said. An answer that is sooner by `resolutionMs` or less may be
 * nothing but its rounding, as near a max TTL that leaves 0.7 s and is answered with 0: the later of the two then. An answer that is sooner
 * by more is a shortening by the server, and the truth.
 */
export function believedEndMs(knownMs: number, answeredMs: number, resolutionMs = answerResolutionMs): number {
  return knownMs - answeredMs <= resolutionMs ? Math.max(knownMs, answeredMs) : answeredMs;
}
