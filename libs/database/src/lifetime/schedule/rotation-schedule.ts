import type { DrainDeadline } from '../drain-deadline.js';

/** A life on the monotonic clock, in milliseconds. */
export interface Life {
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly atExpiry: 'unusable' | 'replaced';
  /** Whether a shortening or a renewal may still move the end to a later time. */
  readonly extendable: boolean;
}

export interface ScheduleOptions {
  readonly atFraction: number;
  readonly jitter: number;
  readonly drainMs: number;
  /** A number in [0, 1). */
  readonly random: number;
  /** How long the last ones took from the request to their proof. Default 0. */
  readonly leadMs?: number;
}

/** Left between the drain deadline and the expiry, for the revocation and for clocks that differ. */
const longestMarginMs = 1_000;
const marginShare = 0.1;
const leastDrainMs = 1_000;
const longestWarmUpMs = 2_000;
const warmUpShare = 0.25;
/** Credentials are not replaced before half of their life only to make the drain longer. */
const earliestShareForDrain = 0.5;
/** Nor before a quarter of it because they take long to be accepted. */
const earliestShareForLead = 0.25;
/** The next ones may take longer than the last ones. */
const leadReserve = 1.25;
/** Left of a life when a pool whose server is away stops holding back the others. */
const scarceShare = 0.2;
/** A static role's password shows a moment after Vault changed it: asking sooner would be in vain. */
const settleMs = 50;

/**
 * When to replace credentials. A static role: when its password changes. A lease: at `atFraction` of its life, earlier by jitter, and
 * earlier still when otherwise the proof of new ones or the drain would not fit before an end that cannot be moved.
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

/** When to replace, at the latest, credentials that live `lifeMs`, if new ones take `leadMs` to be accepted. */
export function lastMomentMs(lifeMs: number, leadMs = 0): number {
  return Math.max(lifeMs * earliestShareForLead, lifeMs - leadMs * leadReserve - marginMs(lifeMs));
}

/** Credentials are not replaced for a jump of the clock so soon after they were issued, when it can have cost them little. */
const longestFreshMs = 5_000;
const freshShare = 0.4;

/**
 * When to replace credentials that were due at `dueMs`, after the wall clock moved ahead by `aheadMs`: sooner by that, as their server may
 * have counted on. Not those whose renewal tells their true end, nor a static role's, which works on.
 */
export function dueAfterJumpMs(life: Life, dueMs: number, aheadMs: number): number {
  if (life.extendable || life.atExpiry === 'replaced') return dueMs;
  const freshMs = Math.min(longestFreshMs, (life.expiresAtMs - life.issuedAtMs) * freshShare);
  return Math.min(dueMs, Math.max(dueMs - aheadMs, life.issuedAtMs + freshMs));
}

/**
 * Until when users of retired credentials may go on: `drainMs`, but not into the last moments before they stop working. A second is
 * given even then: sessions stay open when their role is dropped, so that closing them at once would fail more than it saves.
 */
export function drainDeadline(life: Pick<Life, 'expiresAtMs' | 'atExpiry'>, nowMs: number, drainMs: number): DrainDeadline {
  const leftMs = Math.max(0, life.expiresAtMs - nowMs);
  const usableMs = life.atExpiry === 'replaced' ? Number.POSITIVE_INFINITY : Math.max(leastDrainMs, leftMs - marginMs(leftMs));
  return usableMs < drainMs ? { atMs: nowMs + usableMs, limit: 'credentials-end' } : { atMs: nowMs + drainMs, limit: 'drain-time' };
}

/**
 * From when one pool whose server is away holds back the others no more. Leased credentials: when a fifth of their life is left, or what
 * the drain needs, but not in the first half of their life. A static role: when its password has changed.
 */
export function scarceFromMs(life: Omit<Life, 'extendable'>, drainMs: number): number {
  if (life.atExpiry === 'replaced') return life.expiresAtMs;
  const lifeMs = Math.max(0, life.expiresAtMs - life.issuedAtMs);
  const forDrain = Math.min(drainMs + marginMs(lifeMs), lifeMs * earliestShareForDrain);
  return life.expiresAtMs - Math.max(lifeMs * scarceShare, forDrain);
}

/** Until when a server is waited for that says nothing, or that refuses new credentials: the others have to be served before their credentials end. */
export function answerUntilMs(life: Omit<Life, 'extendable'>, nowMs: number): number {
  const untilMs = life.expiresAtMs - marginMs(life.expiresAtMs - life.issuedAtMs);
  return life.atExpiry === 'replaced' || untilMs <= nowMs ? Number.POSITIVE_INFINITY : untilMs;
}

/** The life a retired lease is given: the drain, and time to revoke it afterwards. */
export function retiredLifeMs(drainMs: number): number {
  return drainMs + longestMarginMs;
}

/** Until when a rotation opens connections ahead of the flip: a share of the time that is left, as the flip must not come too late. */
export function warmUpUntilMs(life: Pick<Life, 'expiresAtMs' | 'atExpiry'>, nowMs: number, isUrgentFlip: boolean): number {
  if (isUrgentFlip) return nowMs;
  const leftMs = life.atExpiry === 'replaced' ? longestWarmUpMs : Math.max(0, life.expiresAtMs - nowMs);
  return nowMs + Math.min(longestWarmUpMs, leftMs * warmUpShare);
}

function marginMs(leftMs: number): number {
  return Math.min(longestMarginMs, leftMs * marginShare);
}
