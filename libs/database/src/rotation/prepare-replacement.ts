import type { Clock } from '@keyturn/vault';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import { anyRefuses } from './recovery/any-refuses.js';
import type { CredentialSupply } from '../supply/credential-supply.js';
import type { CredentialLifetime } from '../lifetime/credential-lifetime.js';
import type { CredentialInUse } from '../lifetime/credential-in-use.js';
import type { ReplicaLag } from './replica-lag.js';
import type { LeadTime } from '../lifetime/schedule/lead-time.js';
import { lostBeforeUse } from '../errors/rotation-faults.js';
import type { ResolvedRotationOptions } from '../options/rotation-options.js';
import { isUrgent, type RotationReason } from '../lifetime/rotation-event.js';
import { answerUntilMs, scarceFromMs, warmUpUntilMs } from '../lifetime/schedule/rotation-schedule.js';
import { TwoPhaseFlip } from './two-phase-flip.js';

export interface ReplacementOptions {
  readonly reason: RotationReason;
  readonly pools: ReadonlySet<RotatablePool>;
  readonly supply: CredentialSupply;
  readonly lifetime: CredentialLifetime;
  readonly lead: LeadTime;
  readonly late: ReplicaLag;
  readonly clock: Clock;
  readonly rotation: ResolvedRotationOptions;
  /** The application stops. */
  readonly stopping: AbortSignal;
}

export interface Replacement {
  readonly next: CredentialInUse;
  /** Prepared: every pool has proved `next`, or adopts it although it cannot, and waits for the commit. */
  readonly flip: TwoPhaseFlip;
}

/**
 * The first half of a rotation: credentials that are issued instead of `from`, and proved in all pools. When one pool refuses them, none
 * keeps them and they are given back; so too when they are lost meanwhile. A pool whose server is away does not keep the others from them
 * once time is scarce, nor one that refuses them beyond the end of `from`.
 * @throws DatabaseError, or the source's own error
 */
export async function prepareReplacement(from: CredentialInUse, options: ReplacementOptions): Promise<Replacement> {
  const { reason, pools, supply, lifetime, clock, rotation, stopping } = options;
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
    signal: usable,
    loginRetryMs: supply.loginRetryMs(issued),
    warmUntilMs: () => warmUpUntilMs(from.issued, clock.nowMs(), from.refused || isUrgent(reason)),
    onProved: () => (readyAtMs = clock.nowMs()),
    onFailedTry: (kind) => kind === 'login' && options.late.refused(next),
    clock,
    isScarce: () => isUrgent(reason) || from.lost || from.refused || clock.nowMs() >= scarceFromMs(from.issued, rotation.drainMs),
    isOver: () => hasEnded(from, clock.nowMs()),
    answerUntilMs: answerUntilMs(from.issued, clock.nowMs()),
  });
  try {
    await flip.prepare(pools);
    usable.throwIfAborted();
    options.lead.rotated(readyAtMs - askedAtMs);
    return { next, flip };
  } catch (error) {
    flip.abort();
    await supply.giveBack(issued, error, flip.isProved);
    throw supply.explain(error);
  } finally {
    unsubscribe();
  }
}

/** Not so a static role's: it lives on, and a replica that lags goes on accepting the password before. */
function hasEnded({ lost, issued: { atExpiry, expiresAtMs } }: CredentialInUse, nowMs: number): boolean {
  return atExpiry === 'unusable' && (lost || nowMs >= expiresAtMs);
}
