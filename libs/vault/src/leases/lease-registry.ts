import type { VaultResponse } from '../client/answer/vault-response.js';
import { VaultLeaseLostError } from '../errors/vault-lease-lost.error.js';
import type { Clock } from '../support/time/clock.js';
import type { TypedEvents } from '../support/typed-events.js';
import type { LeaseCalls } from './calls/lease-calls.js';
import { ServerLease } from './calls/server-lease.js';
import type { LeaseEvent, LeaseRegistryEvent } from './lease.events.js';
import { LeaseWakes } from './lease-wakes.js';
import { firstLeaseState } from './first-lease-state.js';
import { endWithParent, ParentTokenEnds, type ParentTokenEnd } from './parent/parent-token-ends.js';
import type { FixedTokenEnd } from './parent/token-end.js';
import { LeaseRenewals } from './renewal/lease-renewals.js';
import { LeaseVerifications } from './renewal/lease-verifications.js';
import { revokeAll } from './revoke-all.js';
import { SlicedWork } from './sliced-work.js';
import { LeaseLedger } from './tracked/lease-ledger.js';
import type { LeaseTiming } from './tracked/renewal-schedule.js';
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

/** Counts for health and metrics. */
export interface LeaseSummary {
  readonly count: number;
  /** Milliseconds until the first lease ends; undefined without leases. */
  readonly soonestExpiryMs: number | undefined;
  /** Leases whose last renewal failed, or that wait until Vault, or their engine, is back. */
  readonly failing: number;
}

/** A Vault that hangs must not hold up the end of the process. */
const closeTimeoutMs = 2_000;

/**
 * Keeps every lease alive on one timer, and says when one ends. Each change of a lease costs the same, however many there are.
 *
 * The registry decides which leases are kept, and when each has to be looked at. It leaves to its folders what a lease is (`tracked/`), whom
 * to ask Vault for and how often (`renewal/`), what the end of a token means (`parent/`) and how a call is made (`calls/`). The token is
 * `session/`; what to do about a lease that ends, such as new credentials, is its holder's.
 */
export class LeaseRegistry {
  readonly #options: LeaseRegistryOptions;
  readonly #ledger = new LeaseLedger();
  readonly #renewals: LeaseRenewals;
  readonly #verifications: LeaseVerifications;
  readonly #wakes: LeaseWakes;
  readonly #parents = new ParentTokenEnds();
  readonly #work: SlicedWork;
  /** What leases see of the registry: nobody else tells it of their changes. */
  readonly #keeper: LeaseKeeper;
  readonly #tokenEndMs: FixedTokenEnd;

  constructor(options: LeaseRegistryOptions) {
    this.#options = options;
    const { clock, random, timing, events, tokenEndMs = (): undefined => undefined } = options;
    this.#tokenEndMs = tokenEndMs;
    this.#keeper = { nowMs: () => clock.nowMs(), changed: (lease, event) => this.#changed(lease, event) };
    this.#renewals = new LeaseRenewals({
      clock,
      random,
      timing,
      ledger: this.#ledger,
      tokenEndMs,
      emit: (event) => events.emit(event),
      onEnded: (lease) => this.#renewalEnded(lease),
    });
    this.#wakes = new LeaseWakes(this.#renewals);
    this.#verifications = new LeaseVerifications({
      clock,
      random,
      renew: (lease) => this.#renew(lease),
      onEnded: () => this.#mayGoOn(),
    });
    this.#work = new SlicedWork({
      clock,
      name: 'vault:leases',
      takeStep: (nowMs) => this.#attendNext(nowMs),
      onSliceEnd: () => this.#pump(),
      nextAtMs: () => Math.min(this.#wakes.nextAtMs, this.#renewals.nextTryAtMs, this.#verifications.nextTryAtMs),
    });
  }

  /**
   * Takes care of the lease of an answer: renews it while it is renewable, announces its end.
   * @param response an answer with a lease
   * @param of.name what to call the lease in events and health, such as `database/creds/reader`
   * @throws VaultLeaseLostError if the answer has no lease, or one that has ended already
   */
  track(response: VaultResponse, of: { readonly name: string }): TrackedLease {
    const { calls, timing, random, onListenerError = (): undefined => undefined } = this.#options;
    const { tokenEpoch, renewable, receivedAtMs } = response;
    const lifeMs = response.leaseDuration * 1_000;
    const life = { fromMs: response.sentAtMs, expiresAtMs: response.sentAtMs + lifeMs };
    if (response.leaseId === '') {
      throw new VaultLeaseLostError(`The answer for ${of.name} has no lease.`, { remedy: 'Only leased answers can be tracked.' });
    }
    if (life.expiresAtMs <= this.#keeper.nowMs()) throw this.#overAlready(response, of.name);
    const lease = new TrackedLease(
      {
        name: of.name,
        server: new ServerLease(response.leaseId, calls),
        tokenEpoch,
        requestedMs: lifeMs,
        state: firstLeaseState({ ...life, receivedAtMs, renewable }, { timing, random, tokenEndMs: this.#tokenEndMs(tokenEpoch) }),
        onListenerError: onListenerError,
      },
      this.#keeper,
    );
    this.#ledger.add(lease);
    this.#wakes.update(lease);
    const end = this.#parents.of(lease);
    this.#work.arm();
    // Not before the caller has had the chance to subscribe.
    if (end !== undefined) queueMicrotask(() => endWithParent(lease, end));
    return lease;
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
    this.#parents.add(end, this.#keeper.nowMs());
    this.#work.begin(this.#endAll(end));
  }

  /** The wall clock is ahead of what was counted, as after a suspend: Vault is asked what is left of each lease. */
  verify(): void {
    this.#work.begin(this.#verifyAll());
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
    if (lease.state.kind === 'ended') this.#ledger.delete(lease);
    else this.#ledger.moved(lease);
    this.#wakes.update(lease);
    if (event !== undefined) this.#options.events.emit(event);
    this.#work.arm();
  }

  #renewalEnded(lease: TrackedLease): void {
    this.#wakes.update(lease);
    this.#verifications.renewalEnded(lease);
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
    this.#wakes.update(lease);
  }

  *#verifyAll(): Generator<void> {
    for (const lease of this.#ledger.all()) {
      if (this.#renewals.isBusy(lease)) this.#verifications.addAfterRenewal(lease);
      else this.#verifications.add(lease);
      yield;
    }
  }

  *#endAll(end: ParentTokenEnd): Generator<void> {
    for (const lease of this.#ledger.ofLogin(end.epoch)) {
      endWithParent(lease, end);
      yield;
    }
  }

  /** Looks after the lease whose time comes first. @returns whether there was one whose time has come */
  #attendNext(nowMs: number): boolean {
    const lease = this.#wakes.due(nowMs);
    if (lease === undefined) return false;
    const { state } = lease;
    const parentEnd = this.#parents.of(lease);
    if (state.expiresAtMs <= nowMs) lease.lose('expired');
    else if (state.kind === 'ending') lease.end(state.expiresAtMs, 'not-renewable');
    else if (parentEnd !== undefined) endWithParent(lease, parentEnd);
    else this.#renew(lease);
    return true;
  }
}
