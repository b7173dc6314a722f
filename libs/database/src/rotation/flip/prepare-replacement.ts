import { lostBeforeUse } from '../../errors/rotation-faults.js';
import type { CredentialInUse } from '../../lifetime/credential-in-use.js';
import { isUrgent, type RotationReason } from '../../lifetime/rotation-event.js';
import { answerUntilMs, scarceFromMs, warmUpUntilMs } from '../../lifetime/schedule/rotation-schedule.js';
import { anyRefuses } from '../recovery/any-refuses.js';
import type { RotationParts } from '../rotation-parts.js';
import { TwoPhaseFlip, type FlipOptions } from './two-phase-flip.js';

export interface Replacement {
  readonly next: CredentialInUse;
  /** The flip waits for its commit: every pool has proved `next`, or adopts them although it cannot prove them. */
  readonly flip: TwoPhaseFlip;
}

/**
 * The first half of a rotation: credentials are issued instead of `from`, and proved in all pools. When one pool refuses them, no pool
 * keeps them, and they are given back. The same happens when they are lost meanwhile. Once time is scarce, a pool whose server is away does
 * not hold back the others. A pool that refuses them does not either, once `from` have ended.
 * @throws DatabaseError, or the source's own error
 */
export async function prepareReplacement(from: CredentialInUse, reason: RotationReason, parts: RotationParts): Promise<Replacement> {
  const { pools, supply, lifetime, clock, stopping } = parts;
  const askedAtMs = clock.nowMs();
  const insteadOf = reason === 'requested' ? undefined : from.credential;
  const refused = reason === 'login-rejected' ? async () => true : from.refused ? () => anyRefuses(pools) : undefined;
  const issued = await supply.next({ signal: stopping, insteadOf, refused });
  const next = lifetime.number(issued);
  let readyAtMs = clock.nowMs();
  const lost = new AbortController();
  const unsubscribe = issued.subscribe((event) => event.type === 'lost' && lost.abort(lostBeforeUse()));
  const usable = AbortSignal.any([stopping, lost.signal]);
  const flip = new TwoPhaseFlip(next, {
    ...patience(from, reason, parts),
    signal: usable,
    loginRetryMs: supply.loginRetryMs(issued),
    onProved: () => (readyAtMs = clock.nowMs()),
    onFailedTry: (kind) => kind === 'login' && parts.lag.refused(next),
  });
  try {
    await flip.prepare(pools);
    usable.throwIfAborted();
    parts.lead.rotated(readyAtMs - askedAtMs);
    return { next, flip };
  } catch (error) {
    flip.abort();
    // Nobody would prove them again after the application has stopped.
    await supply.giveBack(issued, stopping.aborted ? stopping.reason : error, flip.isProved);
    throw supply.explain(error);
  } finally {
    unsubscribe();
  }
}

type Patience = Pick<FlipOptions, 'clock' | 'warmUntilMs' | 'isScarce' | 'isOver' | 'answerUntilMs'>;

/** How long the flip may wait, for the pools and for connections that are opened ahead. */
function patience(from: CredentialInUse, reason: RotationReason, { clock, rotation }: RotationParts): Patience {
  return {
    clock,
    warmUntilMs: () => warmUpUntilMs(from.issued, clock.nowMs(), from.refused || isUrgent(reason)),
    isScarce: () => isUrgent(reason) || from.lost || from.refused || clock.nowMs() >= scarceFromMs(from.issued, rotation.drainMs),
    isOver: () => hasEnded(from, clock.nowMs()),
    answerUntilMs: answerUntilMs(from.issued, clock.nowMs()),
  };
}

/** A static role's credentials do not end: the role lives on, and a replica that lags goes on accepting the password before. */
function hasEnded({ lost, issued: { atExpiry, expiresAtMs } }: CredentialInUse, nowMs: number): boolean {
  return atExpiry === 'unusable' && (lost || nowMs >= expiresAtMs);
}
