import { isVaultError } from '../../errors/is-vault-error.js';
import type { VaultError } from '../../errors/vault-error.js';
import { VaultServerError } from '../../errors/vault-server.error.js';
import type { Clock } from '../../support/time/clock.js';
import { PriorityQueue } from '../../support/priority-queue.js';
import { isLeaseGone, isNotRenewable } from '../calls/lease-answers.js';
import type { LeaseExtension } from '../calls/lease-calls.js';
import type { LeaseLedger } from '../tracked/lease-ledger.js';
import { endsWithToken, type FixedTokenEnd } from '../tracked/lease-parent.js';
import type { RenewalOutageEvent } from '../lease.events.js';
import { RenewalOutage } from './renewal-outage.js';
import { believedEndMs, isRenewalTruncated, leaseDueAtMs, type LeaseTiming } from '../tracked/renewal-schedule.js';
import type { TrackedLease } from '../tracked/tracked-lease.js';

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

interface Urgency {
  readonly failures: number;
  readonly expiresAtMs: number;
}

/** So many at a time: more do not come back sooner, and each holds a connection to Vault. */
const mostAtATime = 32;
/** Those that have failed before must not keep the others waiting, should they hang. */
const mostRepeatedAtATime = 16;
/** So many are sent, or held back, in one turn of the event loop. */
const mostSteps = 200;

function moreUrgent(left: Urgency, right: Urgency): boolean {
  return left.failures === right.failures ? left.expiresAtMs < right.expiresAtMs : left.failures < right.failures;
}

/**
 * Renews the leases that are due, those that have not failed and end first before the others. When Vault is away, or an engine cannot
 * renew, one renewal at a time finds out whether that is over, and the others wait for it.
 */
export class LeaseRenewals {
  readonly #options: LeaseRenewalsOptions;
  readonly #due = new PriorityQueue<TrackedLease, Urgency>(moreUrgent);
  readonly #busy = new Set<TrackedLease>();
  readonly #failing = new Set<TrackedLease>();
  /** Leases that wait for their engine, by name. */
  readonly #held = new Map<string, PriorityQueue<TrackedLease, Urgency>>();
  /** Outages of engines, in the order of their next tries. */
  readonly #outages = new PriorityQueue<RenewalOutage, number>((left, right) => left < right);
  readonly #outageOf = new Map<string, RenewalOutage>();
  #repeated = 0;
  #isCutShort = false;
  #vaultOutage: RenewalOutage | undefined;

  constructor(options: LeaseRenewalsOptions) {
    this.#options = options;
  }

  /** Leases whose last renewal failed, or that wait for the end of an outage. */
  get failing(): number {
    return this.#failing.size;
  }

  /** When `pump()` has something to do that it could not do before; `Infinity` if nothing but the end of a renewal brings that. */
  get nextTryAtMs(): number {
    if (this.#isCutShort) return 0;
    if (this.#vaultOutage !== undefined) return this.#due.size === 0 ? Number.POSITIVE_INFINITY : this.#vaultOutage.nextTryAtMs;
    return this.#outages.firstKey ?? Number.POSITIVE_INFINITY;
  }

  isBusy(lease: TrackedLease): boolean {
    return this.#busy.has(lease);
  }

  isWaiting(lease: TrackedLease): boolean {
    return this.#due.has(lease) || this.#held.get(lease.name)?.has(lease) === true;
  }

  /** `lease` is due. */
  add(lease: TrackedLease): void {
    if (lease.state.kind !== 'renewing') return;
    const urgency = { failures: lease.state.failures, expiresAtMs: lease.expiresAtMs };
    const held = this.#held.get(lease.name);
    (held ?? this.#due).set(lease, urgency);
    const outage = held === undefined ? this.#vaultOutage : this.#outageOf.get(lease.name);
    if (outage === undefined) return;
    this.#failing.add(lease);
    if (urgency.failures === 0) outage.hurry(urgency.expiresAtMs);
    this.#reorder(outage);
  }

  /** `lease` is not to be renewed any more. */
  drop(lease: TrackedLease): void {
    this.#failing.delete(lease);
    if (this.#due.delete(lease)) return;
    if (this.#held.get(lease.name)?.delete(lease) === true) this.#endIfIdle(lease.name);
  }

  /** Sends what may be sent now. */
  pump(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#isCutShort = false;
    if (this.#vaultOutage !== undefined) {
      if (this.#due.size > 0 && this.#vaultOutage.nextTryAtMs <= nowMs) this.#probe(this.#vaultOutage, this.#due);
      return;
    }
    for (let next = this.#outages.first; next !== undefined && next.nextTryAtMs <= nowMs; next = this.#outages.first) {
      this.#probe(next, this.#held.get(next.name!)!);
    }
    for (let step = 0; this.#maySend() && !this.#isCutShort; step += 1) {
      this.#sendOrHold(this.#due.first!);
      this.#isCutShort = step >= mostSteps;
    }
  }

  /** Its engine may have failed for others since it was due. */
  #sendOrHold(lease: TrackedLease): void {
    if (this.#held.has(lease.name)) {
      this.#due.delete(lease);
      this.add(lease);
    } else this.#sendFirst(this.#due, undefined);
  }

  #maySend(): boolean {
    const { firstKey } = this.#due;
    if (firstKey === undefined || this.#busy.size >= mostAtATime) return false;
    return firstKey.failures === 0 || this.#repeated < mostRepeatedAtATime;
  }

  #probe(outage: RenewalOutage, waiting: PriorityQueue<TrackedLease, Urgency>): void {
    outage.probe();
    this.#reorder(outage);
    this.#sendFirst(waiting, outage);
  }

  #sendFirst(waiting: PriorityQueue<TrackedLease, Urgency>, outage: RenewalOutage | undefined): void {
    const lease = waiting.first!;
    waiting.delete(lease);
    void this.#send(lease, outage);
  }

  async #send(lease: TrackedLease, probed: RenewalOutage | undefined): Promise<void> {
    const isRepeated = lease.state.kind === 'renewing' && lease.state.failures > 0;
    this.#busy.add(lease);
    if (isRepeated) this.#repeated += 1;
    const outcome = await lease.renew().catch((error: unknown) => ({ error }));
    this.#busy.delete(lease);
    if (isRepeated) this.#repeated -= 1;
    if ('givenMs' in outcome) this.#renewed(lease, outcome);
    else this.#failed(lease, outcome.error, probed);
    if (probed !== undefined) {
      probed.undecided();
      this.#reorder(probed);
    }
    this.#endIfIdle(lease.name);
    this.#options.onEnded(lease);
  }

  #renewed(lease: TrackedLease, { givenMs, fromMs, receivedAtMs }: LeaseExtension): void {
    this.#failing.delete(lease);
    this.#over(undefined);
    this.#over(lease.name);
    // Shortened, revoked or orphaned while the renewal was under way: that decision stands.
    if (lease.state.kind !== 'renewing') return;
    const { name } = lease;
    const { clock, timing, random, tokenEndMs } = this.#options;
    const expiresAtMs = believedEndMs(lease.expiresAtMs, fromMs + givenMs);
    const remainingMs = Math.max(0, expiresAtMs - clock.nowMs());
    const ending = endsWithToken({ fromMs, expiresAtMs, receivedAtMs }, tokenEndMs(lease.tokenEpoch));
    if (ending !== undefined) {
      lease.transition(ending, { type: 'leaseRenewed', name, remainingMs: Math.min(remainingMs, ending.expiresAtMs - clock.nowMs()) });
      return;
    }
    if (isRenewalTruncated(givenMs, lease.requestedMs)) {
      lease.transition({ kind: 'ending', expiresAtMs }, { type: 'leaseEnding', name, reason: 'truncated', remainingMs });
      return;
    }
    const dueAtMs = leaseDueAtMs({ fromMs, expiresAtMs }, timing, random());
    lease.transition({ kind: 'renewing', expiresAtMs, dueAtMs, failures: 0 }, { type: 'leaseRenewed', name, remainingMs });
  }

  #failed(lease: TrackedLease, error: unknown, probed: RenewalOutage | undefined): void {
    const { name, expiresAtMs, state } = lease;
    if (isNotRenewable(error)) {
      this.#over(undefined);
      const remainingMs = lease.remainingMs();
      if (state.kind === 'renewing')
        lease.transition({ kind: 'ending', expiresAtMs }, { type: 'leaseEnding', name, reason: 'not-renewable', remainingMs });
      return;
    }
    if (isLeaseGone(error)) {
      this.#over(undefined);
      if (state.kind === 'renewing') lease.lose('revoked');
      return;
    }
    const failure = isVaultError(error) ? error : new VaultServerError(`The renewal of ${name} failed for a reason that is not Vault's.`);
    if (state.kind !== 'renewing' && probed === undefined) return;
    const { pausedUntilMs } = this.#holdUp(lease, failure, probed);
    if (state.kind !== 'renewing') return;
    const nowMs = this.#options.clock.nowMs();
    const dueAtMs = Math.max(nowMs, pausedUntilMs);
    const nextTryInMs = dueAtMs - nowMs;
    lease.transition(
      { kind: 'renewing', expiresAtMs, dueAtMs, failures: state.failures + 1 },
      { type: 'leaseRenewalFailed', name, error: failure, nextTryInMs },
    );
    this.add(lease);
  }

  /** @returns the outage that the failure belongs to; it begins with the first one, and only its own tries lengthen its pauses */
  #holdUp(lease: TrackedLease, error: VaultError, probed: RenewalOutage | undefined): RenewalOutage {
    const { clock, random } = this.#options;
    const name = isOfEngine(error) ? lease.name : undefined;
    if (name !== undefined) this.#over(undefined);
    const known = name === undefined ? this.#vaultOutage : this.#outageOf.get(name);
    if (known !== undefined && known !== probed) return known;
    const waiting = name === undefined ? this.#due : this.#held.get(name);
    const soonestEndMs = Math.min(lease.expiresAtMs, waiting?.first?.expiresAtMs ?? Number.POSITIVE_INFINITY);
    const failed = { error, nowMs: clock.nowMs(), random: random(), soonestEndMs };
    if (known === undefined) return this.#begin(new RenewalOutage(name, failed), error);
    known.failed(failed);
    this.#reorder(known);
    return known;
  }

  #begin(outage: RenewalOutage, error: VaultError): RenewalOutage {
    const { ledger, emit, clock } = this.#options;
    const { name, nextTryAtMs } = outage;
    if (name === undefined) {
      // Nobody can say how an engine fares while Vault is away.
      for (const held of this.#held.keys()) this.#release(held);
      this.#vaultOutage = outage;
      for (const lease of this.#due.items()) this.#failing.add(lease);
    } else {
      this.#held.set(name, new PriorityQueue(moreUrgent));
      this.#outageOf.set(name, outage);
      this.#reorder(outage);
    }
    emit({ type: 'renewalsHeld', name, leases: ledger.count(name), error, nextTryInMs: nextTryAtMs - clock.nowMs() });
    return outage;
  }

  /** Vault, or the engine of leases called `name`, has done what it was asked. */
  #over(name: string | undefined): void {
    const outage = name === undefined ? this.#vaultOutage : this.#outageOf.get(name);
    if (outage === undefined) return;
    const leases = name === undefined ? this.#due.size : this.#release(name);
    if (name === undefined) this.#vaultOutage = undefined;
    const heldMs = Math.round(this.#options.clock.nowMs() - outage.sinceMs);
    this.#options.emit({ type: 'renewalsResumed', name, leases, heldMs });
  }

  /** Those who wait for an engine are due like all others. @returns how many */
  #release(name: string): number {
    const held = this.#held.get(name)!;
    this.#forget(name);
    for (const lease of held.items()) this.add(lease);
    return held.size;
  }

  /** Nobody waits for the engine any more, and nobody asks it. */
  #endIfIdle(name: string): void {
    const outage = this.#outageOf.get(name);
    if (outage !== undefined && !outage.isProbing && this.#held.get(name)?.size === 0) this.#over(name);
  }

  #forget(name: string): void {
    const outage = this.#outageOf.get(name);
    if (outage !== undefined) this.#outages.delete(outage);
    this.#outageOf.delete(name);
    this.#held.delete(name);
  }

  #isInForce(outage: RenewalOutage): boolean {
    return outage === (outage.name === undefined ? this.#vaultOutage : this.#outageOf.get(outage.name));
  }

  #reorder(outage: RenewalOutage): void {
    if (outage.name !== undefined && this.#isInForce(outage)) this.#outages.set(outage, outage.nextTryAtMs);
  }
}

/** Whether Vault is there and refuses what concerns the lease and others like it; else all renewals would fare like this one. */
function isOfEngine({ code }: VaultError): boolean {
  return code === 'VAULT_REQUEST_INVALID' || code === 'VAULT_NOT_FOUND';
}
