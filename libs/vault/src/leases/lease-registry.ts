import type { VaultResponse } from '../client/vault-response.js';
import { isVaultError } from '../errors/is-vault-error.js';
import { VaultServerError } from '../errors/vault-server.error.js';
import { VaultLeaseLostError } from '../errors/vault-lease-lost.error.js';
import { backoffMs } from '../support/backoff.js';
import type { Clock } from '../support/clock.js';
import type { TypedEvents } from '../support/typed-events.js';
import { isLeaseGone, isNotRenewable } from './lease-answers.js';
import type { LeaseCalls } from './lease-calls.js';
import type { LeaseEvent, LeaseLostReason } from './lease.events.js';
import { wakeAtMs } from './lease-state.js';
import { believedEndMs, isRenewalTruncated, leaseDueAtMs, leaseRetryAtMs, type LeaseTiming } from './renewal-schedule.js';
import { TrackedLease, type LeaseKeeper } from './tracked-lease.js';

export interface LeaseRegistryOptions {
  readonly calls: LeaseCalls;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timing: LeaseTiming;
  readonly events: TypedEvents<LeaseEvent>;
  /** Gets what a listener of one lease throws. Default: nobody does. */
  readonly onListenerError?: ((error: unknown) => void) | undefined;
}

/** The end of a parent token: leases of that log-in and earlier ones live until `expiresAtMs` at the most. */
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
  /** Leases whose last renewal failed. */
  readonly failing: number;
}

/** Longer than any call takes, so that no answer under the old token comes later. */
const endMemoryMs = 60_000;
/** A Vault that hangs must not hold up the end of the process. */
const closeTimeoutMs = 2_000;
/** Short, so that leases are renewed within seconds of Vault's return. */
const retryBackoff = { initialMs: 1_000, maxMs: 4_000, jitter: 0.25 };
/** A page in front of Vault may ask for an hour; Vault's own answers ask for seconds. */
const longestRetryAfterMs = 30_000;

/** Keeps every lease alive on one timer, and says when one ends. */
export class LeaseRegistry {
  readonly #options: LeaseRegistryOptions;
  readonly #leases = new Set<TrackedLease>();
  readonly #busy = new Set<TrackedLease>();
  /** Parent tokens that were replaced and still live, by log-in: an answer may arrive after its token was replaced. */
  readonly #ends = new Map<number, ParentTokenEnd>();
  #cancelTimer: () => void = () => undefined;
  #nextWakeAtMs = Number.POSITIVE_INFINITY;
  #closed = false;

  /** What leases see of the registry: nobody else tells it of their changes. */
  readonly #keeper: LeaseKeeper;

  constructor(options: LeaseRegistryOptions) {
    this.#options = options;
    const { calls, clock } = options;
    this.#keeper = { calls, nowMs: () => clock.nowMs(), changed: (lease, event) => this.#changed(lease, event) };
  }

  /**
   * Takes care of the lease of an answer: renews it while it is renewable, announces its end.
   * @param response an answer with a lease
   * @param of.name what to call the lease in events and health, such as `database/creds/reader`
   * @throws VaultLeaseLostError if the answer has no lease, or one that has ended already
   */
  track(response: VaultResponse, of: { readonly name: string }): TrackedLease {
    const lifeMs = response.leaseDuration * 1_000;
    if (response.leaseId === '' || lifeMs <= 0) {
      throw new VaultLeaseLostError(`The answer for ${of.name} has no lease.`, { remedy: 'Only leased answers can be tracked.' });
    }
    const life = { fromMs: response.receivedAtMs, expiresAtMs: response.receivedAtMs + lifeMs };
    const dueAtMs = leaseDueAtMs(life, this.#options.timing, this.#options.random());
    const lease = new TrackedLease(
      {
        name: of.name,
        leaseId: response.leaseId,
        tokenEpoch: response.tokenEpoch,
        requestedMs: lifeMs,
        state: response.renewable
          ? { kind: 'renewing', expiresAtMs: life.expiresAtMs, dueAtMs, failures: 0 }
          : { kind: 'ending', expiresAtMs: life.expiresAtMs, announceAtMs: dueAtMs },
        onListenerError: this.#options.onListenerError ?? (() => undefined),
      },
      this.#keeper,
    );
    this.#leases.add(lease);
    const end = this.#ends.get(lease.tokenEpoch);
    this.#arm();
    // Not before the caller has had the chance to subscribe.
    if (end !== undefined) queueMicrotask(() => this.#endOne(lease, end));
    return lease;
  }

  /** The leases that are tracked now. */
  list(): readonly TrackedLease[] {
    return [...this.#leases];
  }

  summary(): LeaseSummary {
    const leases = this.list();
    const failing = leases.filter(({ state }) => state.kind === 'renewing' && state.failures > 0).length;
    return {
      count: leases.length,
      soonestExpiryMs: leases.length === 0 ? undefined : Math.min(...leases.map((lease) => lease.remainingMs())),
      failing,
    };
  }

  /** A parent token was replaced or revoked: its leases end with it and are not renewed again. */
  endWithParent(end: ParentTokenEnd): void {
    const nowMs = this.#keeper.nowMs();
    for (const [epoch, { expiresAtMs }] of this.#ends) if (expiresAtMs + endMemoryMs < nowMs) this.#ends.delete(epoch);
    this.#ends.set(end.epoch, end);
    for (const lease of this.list().filter(({ tokenEpoch }) => tokenEpoch <= end.epoch && tokenEpoch > 0)) this.#endOne(lease, end);
  }

  /** Stops the timer and revokes what is still tracked. Never rejects: what cannot be revoked ends with its token. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    await Promise.allSettled(this.list().map((lease) => lease.revoke(closeTimeoutMs)));
    this.#leases.clear();
  }

  #changed(lease: TrackedLease, event?: LeaseEvent): void {
    if (lease.state.kind === 'ended') this.#leases.delete(lease);
    if (event !== undefined) this.#options.events.emit(event);
    this.#arm();
  }

  #endOne(lease: TrackedLease, end: ParentTokenEnd): void {
    if (end.revoked) {
      this.#lose(lease, 'token-revoked');
      return;
    }
    const expiresAtMs = Math.min(lease.expiresAtMs, end.expiresAtMs);
    const remainingMs = Math.max(0, expiresAtMs - this.#keeper.nowMs());
    lease.transition({ kind: 'ending', expiresAtMs }, { type: 'leaseEnding', name: lease.name, reason: 'token-replaced', remainingMs });
  }

  #arm(): void {
    if (this.#closed) return;
    let atMs = Number.POSITIVE_INFINITY;
    for (const lease of this.#leases) if (!this.#busy.has(lease)) atMs = Math.min(atMs, wakeAtMs(lease.state));
    if (atMs === this.#nextWakeAtMs) return;
    this.#cancelTimer();
    this.#nextWakeAtMs = atMs;
    if (atMs !== Number.POSITIVE_INFINITY)
      this.#cancelTimer = this.#options.clock.setTimer(() => this.#wake(), Math.max(0, atMs - this.#keeper.nowMs()), 'vault:leases');
  }

  #wake(): void {
    this.#nextWakeAtMs = Number.NaN;
    const nowMs = this.#keeper.nowMs();
    for (const lease of this.list()) if (!this.#busy.has(lease) && wakeAtMs(lease.state) <= nowMs) this.#attend(lease, nowMs);
    this.#arm();
  }

  #attend(lease: TrackedLease, nowMs: number): void {
    const { state, name } = lease;
    if (state.expiresAtMs <= nowMs) this.#lose(lease, 'expired');
    else if (state.kind === 'ending') {
      lease.transition(
        { kind: 'ending', expiresAtMs: state.expiresAtMs },
        { type: 'leaseEnding', name, reason: 'not-renewable', remainingMs: lease.remainingMs() },
      );
    } else void this.#renew(lease);
  }

  async #renew(lease: TrackedLease): Promise<void> {
    this.#busy.add(lease);
    try {
      const leftMs = await lease.renew();
      this.#renewed(lease, leftMs);
    } catch (error) {
      this.#renewalFailed(lease, error);
    } finally {
      this.#busy.delete(lease);
      this.#arm();
    }
  }

  #renewed(lease: TrackedLease, leftMs: number): void {
    // Shortened, revoked or orphaned while the renewal was under way: that decision stands.
    if (lease.state.kind !== 'renewing') return;
    const { name } = lease;
    const fromMs = this.#keeper.nowMs();
    const expiresAtMs = believedEndMs(lease.expiresAtMs, fromMs + leftMs);
    const remainingMs = expiresAtMs - fromMs;
    if (isRenewalTruncated(leftMs, lease.requestedMs)) {
      lease.transition({ kind: 'ending', expiresAtMs }, { type: 'leaseEnding', name, reason: 'truncated', remainingMs });
      return;
    }
    const dueAtMs = leaseDueAtMs({ fromMs, expiresAtMs }, this.#options.timing, this.#options.random());
    lease.transition({ kind: 'renewing', expiresAtMs, dueAtMs, failures: 0 }, { type: 'leaseRenewed', name, remainingMs });
  }

  #renewalFailed(lease: TrackedLease, error: unknown): void {
    if (lease.state.kind !== 'renewing') return;
    const { name, expiresAtMs } = lease;
    if (isNotRenewable(error)) {
      const remainingMs = lease.remainingMs();
      lease.transition({ kind: 'ending', expiresAtMs }, { type: 'leaseEnding', name, reason: 'not-renewable', remainingMs });
      return;
    }
    if (isLeaseGone(error)) {
      this.#lose(lease, 'revoked');
      return;
    }
    const failure = isVaultError(error) ? error : new VaultServerError(`The renewal of ${name} failed for a reason that is not Vault's.`);
    const failures = lease.state.failures + 1;
    const nowMs = this.#keeper.nowMs();
    const delayMs = backoffMs(failures, retryBackoff, this.#options.random());
    const askedMs = Math.min(failure.retryAfterMs ?? 0, longestRetryAfterMs);
    const dueAtMs = leaseRetryAtMs(nowMs, Math.max(delayMs, askedMs), expiresAtMs);
    const nextTryInMs = dueAtMs - nowMs;
    lease.transition(
      { kind: 'renewing', expiresAtMs, dueAtMs, failures },
      { type: 'leaseRenewalFailed', name, error: failure, nextTryInMs },
    );
  }

  #lose(lease: TrackedLease, reason: LeaseLostReason): void {
    lease.transition(
      { kind: 'ended', expiresAtMs: Math.min(lease.expiresAtMs, this.#keeper.nowMs()) },
      { type: 'leaseLost', name: lease.name, reason },
    );
  }
}
