import type { DrainDeadline } from '../drain-deadline.js';

/** A life on the monotonic clock, in milliseconds. */
export interface Life {
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly atExpiry: 'unusable' | 'replaced';
  /** Whether a renewal may still move the end to a later time. */
  readonly extendable: boolean;
}

export interface ScheduleOptions {
  readonly atFraction: number;
  readonly jitter: number;
  readonly drainMs: number;
  /** A number in [0, 1). */
  readonly random: number;
  /** How long the last credentials took from the request to their proof. Default 0. */
  readonly leadMs?: number;
}

/** Time between the drain deadline and the expiry: for the revocation, and for clocks that differ. */
const longestMarginMs = 1_000;
const marginShare = 0.1;
const leastDrainMs = 1_000;
const longestWarmUpMs = 2_000;
const warmUpShare = 0.25;
/** Credentials are not replaced before half of their life only to make the drain longer. */
const earliestShareForDrain = 0.5;
/** Nor before a quarter of their life because the database accepts new ones late. */
const earliestShareForLead = 0.25;
/** The next credentials may take longer than the last ones. */
const leadReserve = 1.25;
/** Share of a life that is left when a pool whose server is away stops holding back the others. */
const scarceShare = 0.2;
/** A static role's password shows a moment after Vault changed it: asking sooner would be in vain. */
const settleMs = 50;

/**
 * When to replace credentials. Those of a static role: when the password changes. Leased ones: at `atFraction` of their life, earlier by
 * jitter. An end that cannot be moved makes it earlier still: the proof of new ones and the drain have to fit before it.
 */
export function rotationDueMs(life: Life, options: ScheduleOptions): number {
  if (life.atExpiry === 'replaced') return life.expiresAtMs + settleMs;
  const lifeMs = Math.max(0, life.expiresAtMs - life.issuedAtMs);
  const byFraction = lifeMs * options.atFraction;
  const byLead = lastMomentMs(lifeMs, options.leadMs);
  const byDrain = byLead - options.drainMs;
  const floor = lifeMs * Math.min(options.atFraction, earliestShareForDrain);
  const latest = life.extendable ? byFraction : Math.min(byLead, Math.max(floor, Math.min(byFraction, byDrain)));
  return life.issuedAtMs + latest * (1 - options.jitter * options.random);
}

/** How long after their birth to replace, at the latest, credentials that live `lifeMs`, if new ones take `leadMs` to be accepted. */
export function lastMomentMs(lifeMs: number, leadMs = 0): number {
  return Math.max(lifeMs * earliestShareForLead, lifeMs - leadMs * leadReserve - marginMs(lifeMs));
}

/** A jump of the clock so soon after the issue can have cost credentials little: they are not replaced for it. */
const longestFreshMs = 5_000;
const freshShare = 0.4;

/**
 * When to replace credentials that were due at `dueMs`, after the wall clock moved ahead by `aheadMs`: sooner by `aheadMs`, as their server
 * may have counted on. Credentials that can be renewed are not moved: the renewal tells their true end. Those of a static role work on.
 */
export function dueAfterJumpMs(life: Life, dueMs: number, aheadMs: number): number {
  if (life.extendable || life.atExpiry === 'replaced') return dueMs;
  const freshMs = Math.min(longestFreshMs, (life.expiresAtMs - life.issuedAtMs) * freshShare);
  return Math.min(dueMs, Math.max(dueMs - aheadMs, life.issuedAtMs + freshMs));
}

/**
 * Until when users of retired credentials may go on: for `drainMs`, but not into the last moments before the credentials stop working. A
 * second is given even then. Sessions stay open when their role is dropped: to close them at once would fail more than it saves.
 */
export function drainDeadline(life: Pick<Life, 'expiresAtMs' | 'atExpiry'>, nowMs: number, drainMs: number): DrainDeadline {
  const leftMs = Math.max(0, life.expiresAtMs - nowMs);
  const usableMs = life.atExpiry === 'replaced' ? Number.POSITIVE_INFINITY : Math.max(leastDrainMs, leftMs - marginMs(leftMs));
  return usableMs < drainMs ? { atMs: nowMs + usableMs, limit: 'credentials-end' } : { atMs: nowMs + drainMs, limit: 'drain-time' };
}

/**
 * From when a pool whose server is away does not hold back the others any more. Leased credentials: when a fifth of their life is left, or
 * what the drain needs, but not in the first half of their life. A static role: when its password has changed.
 */
export function scarceFromMs(life: Omit<Life, 'extendable'>, drainMs: number): number {
  if (life.atExpiry === 'replaced') return life.expiresAtMs;
  const lifeMs = Math.max(0, life.expiresAtMs - life.issuedAtMs);
  const forDrain = Math.min(drainMs + marginMs(lifeMs), lifeMs * earliestShareForDrain);
  return life.expiresAtMs - Math.max(lifeMs * scarceShare, forDrain);
}

/**
 * Until when a flip waits for a server that says nothing, or that refuses the new credentials. The other pools have to flip before the old
 * credentials end.
 */
export function answerUntilMs(life: Omit<Life, 'extendable'>, nowMs: number): number {
  const untilMs = life.expiresAtMs - marginMs(life.expiresAtMs - life.issuedAtMs);
  return life.atExpiry === 'replaced' || untilMs <= nowMs ? Number.POSITIVE_INFINITY : untilMs;
}

/** The life that a retired lease is given: the drain, and time to revoke the lease afterwards. */
export function retiredLifeMs(drainMs: number): number {
  return drainMs + longestMarginMs;
}

/** Until when a rotation opens connections ahead of the flip. It is a share of the time that is left: the flip must not come too late. */
export function warmUpUntilMs(life: Pick<Life, 'expiresAtMs' | 'atExpiry'>, nowMs: number, isUrgentFlip: boolean): number {
  if (isUrgentFlip) return nowMs;
  const leftMs = life.atExpiry === 'replaced' ? longestWarmUpMs : Math.max(0, life.expiresAtMs - nowMs);
  return nowMs + Math.min(longestWarmUpMs, leftMs * warmUpShare);
}

function marginMs(leftMs: number): number {
  return Math.min(longestMarginMs, leftMs * marginShare);
}
