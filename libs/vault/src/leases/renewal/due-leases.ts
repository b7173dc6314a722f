import { PriorityQueue } from '../../support/priority-queue.js';
import type { TrackedLease } from '../tracked/tracked-lease.js';

interface Urgency {
  readonly failures: number;
  readonly expiresAtMs: number;
}

function moreUrgent(left: Urgency, right: Urgency): boolean {
  return left.failures === right.failures ? left.expiresAtMs < right.expiresAtMs : left.failures < right.failures;
}

/** Leases that wait for their renewal: those that have not failed and end first come before the others. */
export class DueLeases {
  readonly #queue = new PriorityQueue<TrackedLease, Urgency>(moreUrgent);

  get size(): number {
    return this.#queue.size;
  }

  get first(): TrackedLease | undefined {
    return this.#queue.first;
  }

  /** How often the renewal of the first one has failed in a row; undefined when there is none. */
  get failuresOfFirst(): number | undefined {
    return this.#queue.firstKey?.failures;
  }

  has(lease: TrackedLease): boolean {
    return this.#queue.has(lease);
  }

  /** @param failures how often its renewal has failed in a row */
  add(lease: TrackedLease, failures: number): void {
    this.#queue.set(lease, { failures, expiresAtMs: lease.expiresAtMs });
  }

  /** @returns whether it was there */
  delete(lease: TrackedLease): boolean {
    return this.#queue.delete(lease);
  }

  /** All of them, in no order. */
  items(): IterableIterator<TrackedLease> {
    return this.#queue.items();
  }
}
