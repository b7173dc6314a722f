import type { VaultResponse } from '../client/answer/vault-response.js';
import { VaultLeaseLostError } from '../errors/vault-lease-lost.error.js';
import type { Clock } from '../support/time/clock.js';
import { PriorityQueue } from '../support/priority-queue.js';
import type { TypedEvents } from '../support/typed-events.js';
import { endsWithToken, type FixedTokenEnd } from './tracked/lease-parent.js';
import type { LeaseCalls } from './calls/lease-calls.js';
import { LeaseLedger } from './tracked/lease-ledger.js';
import { LeaseRenewals } from './renewal/lease-renewals.js';
import { LeaseVerifications } from './renewal/lease-verifications.js';
import { wakeAtMs, type LeaseState } from './tracked/lease-state.js';
import type { LeaseEvent, LeaseRegistryEvent } from './lease.events.js';
import { leaseDueAtMs, type LeaseLife, type LeaseTiming } from './tracked/renewal-schedule.js';
import { revokeAll } from './revoke-all.js';
import { SlicedWork } from './sliced-work.js';
import { TrackedLease, type LeaseKeeper } from './tracked/tracked-lease.js';

export interface LeaseRegistryOptions {
  readonly calls: LeaseCalls;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timing: LeaseTiming;
  readonly events: TypedEvents<LeaseRegistryEvent>;
  /** Default: no token has an end that is known for certain. */
  readonly tokenEndMs?: FixedTokenEnd | undefined;
  /** Gets what a listener of one lease throws. Default: nobody does. */
  readonly onListenerError?: ((error: unknown) => void) | undefined;
}

/** The end of a parent token: leases of that log-in live until `expiresAtMs` at the most. Those of others have a parent of their own. */
export interface ParentTokenEnd {
  readonly epoch: number;
  readonly expiresAtMs: number;
  readonly revoked: boolean;
}

/** Counts for health and metrics. */
export interface LeaseSummary {
  readonly count: number;
  /** Milliseconds until the first lease ends; undefined without leases. */
  readonly soonestExpiryMs: number | undefined;
  /** Leases whose last renewal failed, or that wait until Vault, or their engine, is back. */
  readonly failing: number;
}

/** Longer than any call takes, so that no answer under the old token comes later. */
const endMemoryMs = 60_000;
/** A Vault that hangs must not hold up the end of the process. */
const closeTimeoutMs = 2_000;

/** Keeps every lease alive on one timer, and says when one ends. Each change of a lease costs the same, however many there are. */
export class LeaseRegistry {
  readonly #options: LeaseRegistryOptions;
  readonly #ledger = new LeaseLedger();
  readonly #renewals: LeaseRenewals;
  readonly #verifications: LeaseVerifications;
  /** Their answers may have been given before the clock stood still. */
  readonly #verifyAfterRenewal = new Set<TrackedLease>();
  /** When to look at which lease. */
  readonly #wakes = new PriorityQueue<TrackedLease, number>((left, right) => left < right);
  /** Work on many leases that was begun: each step is for one of them. */
  readonly #chores: Iterator<void>[] = [];
  /** Parent tokens that were replaced and still live, by log-in: an answer may arrive after its token was replaced. */
  readonly #ends = new Map<number, ParentTokenEnd>();
  readonly #work: SlicedWork;

  /** What leases see of the registry: nobody else tells it of their changes. */
  readonly #keeper: LeaseKeeper;
  readonly #tokenEndMs: FixedTokenEnd;

  constructor(options: LeaseRegistryOptions) {
    this.#options = options;
    const { calls, clock, random, timing, events, tokenEndMs = (): undefined => undefined } = options;
    this.#tokenEndMs = tokenEndMs;
    this.#keeper = { calls, nowMs: () => clock.nowMs(), changed: (lease, event) => this.#changed(lease, event) };
    this.#renewals = new LeaseRenewals({
      clock,
      random,
      timing,
      ledger: this.#ledger,
      tokenEndMs,
      emit: (event) => events.emit(event),
      onEnded: (lease) => this.#renewalEnded(lease),
    });
    this.#work = new SlicedWork({
      clock,
      name: 'vault:leases',
      takeStep: (nowMs) => this.#takeStep(nowMs),
      onSliceEnd: () => this.#pump(),
      nextAtMs: () => this.#nextAtMs(),
    });
    this.#verifications = new LeaseVerifications({
      clock,
      random,
      onSooner: (lease, expiresAtMs) => this.#endsSooner(lease, expiresAtMs),
      onUnknown: (lease) => this.#renew(lease),
      onEnded: () => this.#mayGoOn(),
    });
  }

  /**
   * Takes care of the lease of an answer: renews it while it is renewable, announces its end.
   * @param response an answer with a lease
   * @param of.name what to call the lease in events and health, such as `database/creds/reader`
   * @throws VaultLeaseLostError if the answer has no lease, or one that has ended already
   */
  track(response: VaultResponse, of: { readonly name: string }): TrackedLease {
    const lifeMs = response.leaseDuration * 1_000;
    const life = { fromMs: response.sentAtMs, expiresAtMs: response.sentAtMs + lifeMs };
    if (response.leaseId === '') {
      throw new VaultLeaseLostError(`The answer for ${of.name} has no lease.`, { remedy: 'Only leased answers can be tracked.' });
    }
    if (life.expiresAtMs <= this.#keeper.nowMs()) throw this.#overAlready(response, of.name);
    const lease = new TrackedLease(
      {
        name: of.name,
        leaseId: response.leaseId,
        tokenEpoch: response.tokenEpoch,
        requestedMs: lifeMs,
        state: this.#firstState(response, life),
        onListenerError: this.#options.onListenerError ?? (() => undefined),
      },
      this.#keeper,
    );
    this.#ledger.add(lease);
    this.#schedule(lease);
    const end = this.#ends.get(lease.tokenEpoch);
    this.#work.arm();
    // Not before the caller has had the chance to subscribe.
    if (end !== undefined) queueMicrotask(() => this.#endOne(lease, end));
    return lease;
  }

  #firstState({ renewable, receivedAtMs, tokenEpoch }: VaultResponse, life: LeaseLife): LeaseState {
    const { expiresAtMs } = life;
    const dueAtMs = leaseDueAtMs(life, this.#options.timing, this.#options.random());
    if (!renewable) return { kind: 'ending', expiresAtMs, announceAtMs: dueAtMs };
    return (
      endsWithToken({ ...life, receivedAtMs }, this.#tokenEndMs(tokenEpoch)) ?? { kind: 'renewing', expiresAtMs, dueAtMs, failures: 0 }
    );
  }

  /** What the lease is of must not stay behind because nobody looks after it: Vault may count a little longer than we do. */
  #overAlready({ leaseId, leaseDuration }: VaultResponse, name: string): VaultLeaseLostError {
    void this.#options.calls.revoke(leaseId, closeTimeoutMs).catch(() => undefined);
    return new VaultLeaseLostError(`The lease of ${name} is over already: it was given for ${leaseDuration} s.`, {
      remedy: 'Raise the TTL of the role, or check the load of Vault and how long the token above the lease still lives.',
    });
  }

  /** The leases that are tracked now. */
  list(): readonly TrackedLease[] {
    return [...this.#ledger.all()];
  }

  summary(): LeaseSummary {
    const { size, soonestEndMs } = this.#ledger;
    return {
      count: size,
      soonestExpiryMs: soonestEndMs === undefined ? undefined : Math.max(0, soonestEndMs - this.#keeper.nowMs()),
      failing: this.#renewals.failing,
    };
  }

  /**
   * A parent token was replaced or revoked: its leases end with it and are not renewed again. Of many leases some are told at once and
   * the others on the next turns of the event loop.
   */
  endWithParent(end: ParentTokenEnd): void {
    const nowMs = this.#keeper.nowMs();
    for (const [epoch, { expiresAtMs }] of this.#ends) if (expiresAtMs + endMemoryMs < nowMs) this.#ends.delete(epoch);
    this.#ends.set(end.epoch, end);
    this.#chores.push(this.#endAll(end));
    this.#work.run();
  }

  /** The wall clock is ahead of what was counted, as after a suspend: Vault is asked what is left of each lease. */
  verify(): void {
    this.#chores.push(this.#verifyAll());
    this.#work.run();
  }

  /** Stops the timer and revokes what is still tracked. Never rejects: what cannot be revoked in time ends with its token. */
  async close(): Promise<void> {
    this.#work.stop();
    await revokeAll(this.#ledger.all(), this.#options.clock, closeTimeoutMs);
    for (const lease of this.#ledger.all()) this.#ledger.delete(lease);
  }

  #changed(lease: TrackedLease, event?: LeaseEvent): void {
    if (lease.state.kind !== 'renewing') this.#renewals.drop(lease);
    if (lease.state.kind === 'ended' || event?.type === 'leaseRenewed') this.#verifications.drop(lease);
    if (lease.state.kind === 'ended') {
      this.#ledger.delete(lease);
      this.#wakes.delete(lease);
    } else {
      this.#ledger.moved(lease);
      this.#schedule(lease);
    }
    if (event !== undefined) this.#options.events.emit(event);
    this.#work.arm();
  }

  #renewalEnded(lease: TrackedLease): void {
    this.#schedule(lease);
    if (this.#verifyAfterRenewal.delete(lease) && lease.state.kind !== 'ended') this.#verifications.add(lease);
    this.#mayGoOn();
  }

  #mayGoOn(): void {
    if (this.#work.isStopped) return;
    this.#pump();
    this.#work.arm();
  }

  #pump(): void {
    this.#renewals.pump();
    this.#verifications.pump();
  }

  /** Unless it is being renewed, or waits for that. */
  #renew(lease: TrackedLease): void {
    if (lease.state.kind !== 'renewing' || this.#renewals.isBusy(lease) || this.#renewals.isWaiting(lease)) return;
    this.#renewals.add(lease);
    this.#schedule(lease);
  }

  /** What can be renewed is; who holds something else has to know. */
  #endsSooner(lease: TrackedLease, expiresAtMs: number): void {
    if (lease.state.kind === 'renewing') {
      this.#renew(lease);
      return;
    }
    const remainingMs = Math.max(0, expiresAtMs - this.#keeper.nowMs());
    lease.transition({ kind: 'ending', expiresAtMs }, { type: 'leaseEnding', name: lease.name, reason: 'not-renewable', remainingMs });
  }

  /** When to look at the lease again. One whose renewal is under way is left to that; one that waits for an outage may end meanwhile. */
  #schedule(lease: TrackedLease): void {
    if (lease.state.kind === 'ended' || this.#renewals.isBusy(lease)) this.#wakes.delete(lease);
    else this.#wakes.set(lease, this.#renewals.isWaiting(lease) ? lease.expiresAtMs : wakeAtMs(lease.state));
  }

  *#verifyAll(): Generator<void> {
    for (const lease of this.#ledger.all()) {
      if (this.#renewals.isBusy(lease)) this.#verifyAfterRenewal.add(lease);
      else this.#verifications.add(lease);
      yield;
    }
  }

  *#endAll(end: ParentTokenEnd): Generator<void> {
    for (const lease of this.#ledger.ofLogin(end.epoch)) {
      this.#endOne(lease, end);
      yield;
    }
  }

  #endOne(lease: TrackedLease, end: ParentTokenEnd): void {
    if (end.revoked) {
      lease.lose('token-revoked');
      return;
    }
    const { state, name } = lease;
    const expiresAtMs = Math.min(lease.expiresAtMs, end.expiresAtMs);
    // It ends as it was said to, no sooner.
    if (state.kind === 'ending' && state.announceAtMs === undefined && expiresAtMs === state.expiresAtMs) return;
    const remainingMs = Math.max(0, expiresAtMs - this.#keeper.nowMs());
    lease.transition({ kind: 'ending', expiresAtMs }, { type: 'leaseEnding', name, reason: 'token-replaced', remainingMs });
  }

  #nextAtMs(): number {
    return Math.min(this.#wakes.firstKey ?? Number.POSITIVE_INFINITY, this.#renewals.nextTryAtMs, this.#verifications.nextTryAtMs);
  }

  #takeStep(nowMs: number): boolean {
    const [chore] = this.#chores;
    if (chore !== undefined) {
      if (chore.next().done === true) this.#chores.shift();
      return true;
    }
    const { first, firstKey = Number.POSITIVE_INFINITY } = this.#wakes;
    if (first === undefined || firstKey > nowMs) return false;
    this.#attend(first, nowMs);
    return true;
  }

  #attend(lease: TrackedLease, nowMs: number): void {
    const { state, name } = lease;
    const parentEnd = this.#ends.get(lease.tokenEpoch);
    if (state.expiresAtMs <= nowMs) lease.lose('expired');
    else if (state.kind === 'ending') {
      lease.transition(
        { kind: 'ending', expiresAtMs: state.expiresAtMs },
        { type: 'leaseEnding', name, reason: 'not-renewable', remainingMs: lease.remainingMs() },
      );
    } else if (parentEnd !== undefined) this.#endOne(lease, parentEnd);
    else this.#renew(lease);
  }
}
