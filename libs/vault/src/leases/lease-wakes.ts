import { PriorityQueue } from '../support/priority-queue.js';
import type { LeaseRenewals } from './renewal/lease-renewals.js';
import { wakeAtMs } from './tracked/lease-state.js';
import type { TrackedLease } from './tracked/tracked-lease.js';

/** When to look at which lease again, the next one first. */
export class LeaseWakes {
  readonly #renewals: LeaseRenewals;
  readonly #queue = new PriorityQueue<TrackedLease, number>((left, right) => left < right);

  constructor(renewals: LeaseRenewals) {
    this.#renewals = renewals;
  }

  /** When the next lease has to be looked at; `Infinity` if none has to. */
  get nextAtMs(): number {
    return this.#queue.firstKey ?? Number.POSITIVE_INFINITY;
  }

  /** A lease that has to be looked at now. */
  due(nowMs: number): TrackedLease | undefined {
    return this.nextAtMs > nowMs ? undefined : this.#queue.first;
  }

  /** `lease` or its renewal has changed. A lease whose renewal is under way is left to that; one that waits for an outage may end meanwhile. */
  update(lease: TrackedLease): void {
    if (lease.state.kind === 'ended' || this.#renewals.isBusy(lease)) this.#queue.delete(lease);
    else this.#queue.set(lease, this.#renewals.isWaiting(lease) ? lease.expiresAtMs : wakeAtMs(lease.state));
  }
}
