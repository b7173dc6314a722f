import type { Clock } from '../../support/time/clock.js';
import type { RenewalOutageEvent } from '../lease.events.js';
import type { FixedTokenEnd } from '../parent/token-end.js';
import type { LeaseLedger } from '../tracked/lease-ledger.js';
import type { LeaseTiming } from '../tracked/renewal-schedule.js';
import type { TrackedLease } from '../tracked/tracked-lease.js';
import { grantedRenewal, refusedRenewal, type RenewalAnswer } from './renewal-answer.js';
import type { RenewalOutage } from './renewal-outage.js';
import { RenewalQueue } from './renewal-queue.js';

export interface LeaseRenewalsOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly timing: LeaseTiming;
  readonly ledger: LeaseLedger;
  readonly tokenEndMs: FixedTokenEnd;
  readonly emit: (event: RenewalOutageEvent) => void;
  /** A renewal has ended: the lease has to be looked at again, and others may be sent. */
  readonly onEnded: (lease: TrackedLease) => void;
}

/** So many at a time: more do not come back sooner, and each holds a connection to Vault. */
const mostAtATime = 32;
/** Those that have failed before must not keep the others waiting, should they hang. */
const mostRepeatedAtATime = 16;
/** So many are sent, or held back, in one turn of the event loop. */
const mostSteps = 200;

/**
 * Renews the leases that are due, those that have not failed and end first before the others. When Vault is away, or an engine cannot
 * renew, one renewal at a time finds out whether that is over, and the others wait for it.
 *
 * This folder decides which lease Vault is asked for next, how many at a time, what an answer means, and how long to wait when none comes.
 * It does not decide when a lease is due (`tracked/` does), nor how a call is made and its answer read (`calls/` does).
 */
export class LeaseRenewals {
  readonly #options: LeaseRenewalsOptions;
  readonly #queue: RenewalQueue;
  readonly #busy = new Set<TrackedLease>();
  #repeated = 0;
  #isCutShort = false;

  constructor(options: LeaseRenewalsOptions) {
    this.#options = options;
    this.#queue = new RenewalQueue(options);
  }

  /** Leases whose last renewal failed, or that wait for the end of an outage. */
  get failing(): number {
    return this.#queue.failing;
  }

  /** When `pump()` has something to do that it could not do before; `Infinity` if nothing but the end of a renewal brings that. */
  get nextTryAtMs(): number {
    return this.#isCutShort ? 0 : this.#queue.nextProbeAtMs;
  }

  isBusy(lease: TrackedLease): boolean {
    return this.#busy.has(lease);
  }

  isWaiting(lease: TrackedLease): boolean {
    return this.#queue.has(lease);
  }

  /** `lease` is due. */
  add(lease: TrackedLease): void {
    this.#queue.add(lease);
  }

  /** `lease` is not to be renewed any more. */
  drop(lease: TrackedLease): void {
    this.#queue.drop(lease);
  }

  /** Sends what may be sent now. */
  pump(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#isCutShort = false;
    for (let probe = this.#queue.takeProbe(nowMs); probe !== undefined; probe = this.#queue.takeProbe(nowMs)) {
      void this.#send(probe.lease, probe.outage);
    }
    for (let step = 0; this.#maySend() && !this.#isCutShort; step += 1) {
      const lease = this.#queue.takeNext();
      if (lease !== undefined) void this.#send(lease, undefined);
      this.#isCutShort = step >= mostSteps;
    }
  }

  #maySend(): boolean {
    const { failuresOfNext } = this.#queue;
    if (failuresOfNext === undefined || this.#busy.size >= mostAtATime) return false;
    return failuresOfNext === 0 || this.#repeated < mostRepeatedAtATime;
  }

  async #send(lease: TrackedLease, probed: RenewalOutage | undefined): Promise<void> {
    const isRepeated = lease.state.kind === 'renewing' && lease.state.failures > 0;
    this.#busy.add(lease);
    if (isRepeated) this.#repeated += 1;
    const answer = await this.#asked(lease);
    this.#busy.delete(lease);
    if (isRepeated) this.#repeated -= 1;
    this.#take(lease, answer, probed);
    this.#queue.ended(lease, probed);
    this.#options.onEnded(lease);
  }

  /** What Vault answers. Never rejects. */
  #asked(lease: TrackedLease): Promise<RenewalAnswer> {
    const { timing, random, tokenEndMs } = this.#options;
    const { requestedMs, tokenEpoch, name } = lease;
    return lease.renew().then(
      (given) => {
        const { expiresAtMs } = lease;
        return grantedRenewal(given, { expiresAtMs, requestedMs, tokenEndMs: tokenEndMs(tokenEpoch), timing, random });
      },
      (error: unknown) => refusedRenewal(error, name),
    );
  }

  /** A lease that was shortened, revoked or orphaned while its renewal was under way is left as it is: that decision stands. */
  #take(lease: TrackedLease, answer: RenewalAnswer, probed: RenewalOutage | undefined): void {
    if (answer.kind === 'failed') {
      if (lease.state.kind !== 'renewing' && probed === undefined) return;
      const { pausedUntilMs } = this.#queue.failed(lease, answer, probed);
      lease.renewalFailed(answer.error, Math.max(this.#options.clock.nowMs(), pausedUntilMs));
      this.#queue.add(lease);
      return;
    }
    this.#queue.answered(lease, answer.kind === 'extended' || answer.kind === 'truncated');
    if (lease.state.kind !== 'renewing') return;
    if (answer.kind === 'extended') lease.renewed(answer.next);
    else if (answer.kind === 'truncated') lease.end(answer.expiresAtMs, 'truncated');
    else if (answer.kind === 'not-renewable') lease.end(lease.expiresAtMs, 'not-renewable');
    else lease.lose('revoked');
  }
}
