import type { VaultError } from '../../errors/vault-error.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import { VaultServerError } from '../../errors/vault-server.error.js';
import type { Clock } from '../../support/time/clock.js';
import { PriorityQueue } from '../../support/priority-queue.js';
import { isLeaseGone } from '../calls/lease-answers.js';
import type { LeaseExtension } from '../calls/lease-calls.js';
import { RenewalOutage } from './renewal-outage.js';
import { believedEndMs, lookUpResolutionMs } from '../tracked/renewal-schedule.js';
import type { TrackedLease } from '../tracked/tracked-lease.js';

export interface LeaseVerificationsOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** Renews a lease that can be, unless that is under way: it ends sooner than was known, or the policy does not let us ask. */
  readonly renew: (lease: TrackedLease) => void;
  /** An answer has come: others may be asked for. */
  readonly onEnded: () => void;
}

/** So many at a time: more do not come back sooner, and each holds a connection to Vault. */
const mostAtATime = 32;

/**
 * Asks Vault what is left of leases that may end sooner than is known, those first that end first. When Vault is away, one of them at a time
 * finds out whether it is back.
 */
export class LeaseVerifications {
  readonly #options: LeaseVerificationsOptions;
  readonly #doubted = new PriorityQueue<TrackedLease, number>((left, right) => left < right);
  /** Leases whose renewal is under way: its answer may have been given before the clock stood still. */
  readonly #afterRenewal = new Set<TrackedLease>();
  #underWay = 0;
  #outage: RenewalOutage | undefined;

  constructor(options: LeaseVerificationsOptions) {
    this.#options = options;
  }

  /** When `pump()` has something to do that it could not do before; `Infinity` if nothing but an answer brings that. */
  get nextTryAtMs(): number {
    if (this.#outage === undefined || this.#doubted.size === 0) return Number.POSITIVE_INFINITY;
    return this.#outage.nextTryAtMs;
  }

  add(lease: TrackedLease): void {
    this.#doubted.set(lease, lease.expiresAtMs);
  }

  /** Asks for `lease` once its renewal, which is under way, has ended. */
  addAfterRenewal(lease: TrackedLease): void {
    this.#afterRenewal.add(lease);
  }

  /** The renewal of `lease` has ended. */
  renewalEnded(lease: TrackedLease): void {
    if (this.#afterRenewal.delete(lease) && lease.state.kind !== 'ended') this.add(lease);
  }

  /** The end of `lease` is known, or does not matter any more. */
  drop(lease: TrackedLease): void {
    this.#doubted.delete(lease);
  }

  /** Asks what may be asked now. */
  pump(): void {
    while (this.#mayAsk()) {
      const lease = this.#doubted.first!;
      this.#doubted.delete(lease);
      this.#outage?.probe();
      void this.#ask(lease, this.#outage);
    }
  }

  #mayAsk(): boolean {
    if (this.#doubted.size === 0) return false;
    if (this.#outage !== undefined) return this.#outage.nextTryAtMs <= this.#options.clock.nowMs();
    return this.#underWay < mostAtATime;
  }

  async #ask(lease: TrackedLease, probed: RenewalOutage | undefined): Promise<void> {
    this.#underWay += 1;
    try {
      const left = await lease.lookUp();
      this.#outage = undefined;
      this.#answered(lease, left);
    } catch (error) {
      if (isLeaseGone(error)) {
        this.#outage = undefined;
        lease.lose('revoked');
      } else this.#failed(lease, error, probed);
    }
    this.#underWay -= 1;
    this.#options.onEnded();
  }

  #answered(lease: TrackedLease, left: LeaseExtension | undefined): void {
    const { state, expiresAtMs } = lease;
    if (state.kind === 'ended') return;
    if (left === undefined) {
      this.#options.renew(lease);
      return;
    }
    // The server counted at some moment before the answer arrived: what that cannot explain is sooner.
    const latestMs = believedEndMs(expiresAtMs, left.receivedAtMs + left.givenMs, lookUpResolutionMs);
    if (latestMs >= expiresAtMs) return;
    // What can be renewed is; who holds something else has to know.
    if (state.kind === 'renewing') this.#options.renew(lease);
    else lease.end(left.fromMs + left.givenMs, 'not-renewable');
  }

  /** It stays in doubt. The first failure begins the outage, and only its own tries lengthen its pauses. */
  #failed(lease: TrackedLease, error: unknown, probed: RenewalOutage | undefined): void {
    if (lease.state.kind !== 'ended') this.add(lease);
    const { clock, random } = this.#options;
    const failure: VaultError = isVaultError(error) ? error : new VaultServerError('A lease could not be looked up.');
    const failed = { error: failure, nowMs: clock.nowMs(), random: random(), soonestEndMs: Number.POSITIVE_INFINITY };
    if (this.#outage === undefined) this.#outage = new RenewalOutage(undefined, failed);
    else if (this.#outage === probed) probed.failed(failed);
  }
}
