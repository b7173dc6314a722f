import { PriorityQueue } from '../../support/priority-queue.js';
import type { TrackedLease } from './tracked-lease.js';

/** The leases that are tracked, found by the log-in that they belong to, counted by name, and in the order of their ends. */
export class LeaseLedger {
  readonly #byEnd = new PriorityQueue<TrackedLease, number>((left, right) => left < right);
  readonly #byEpoch = new Map<number, Set<TrackedLease>>();
  readonly #counts = new Map<string, number>();

  get size(): number {
    return this.#byEnd.size;
  }

  /** When the first lease ends; undefined without leases. */
  get soonestEndMs(): number | undefined {
    return this.#byEnd.firstKey;
  }

  /** How many are called `name`; undefined: how many there are. */
  count(name: string | undefined): number {
    return name === undefined ? this.size : (this.#counts.get(name) ?? 0);
  }

  has(lease: TrackedLease): boolean {
    return this.#byEnd.has(lease);
  }

  add(lease: TrackedLease): void {
    this.#byEnd.set(lease, lease.expiresAtMs);
    this.#counts.set(lease.name, this.count(lease.name) + 1);
    const ofLogin = this.#byEpoch.get(lease.tokenEpoch);
    if (ofLogin === undefined) this.#byEpoch.set(lease.tokenEpoch, new Set([lease]));
    else ofLogin.add(lease);
  }

  /** The end of `lease` has moved. */
  moved(lease: TrackedLease): void {
    this.#byEnd.set(lease, lease.expiresAtMs);
  }

  delete(lease: TrackedLease): void {
    if (!this.#byEnd.delete(lease)) return;
    const left = this.count(lease.name) - 1;
    if (left === 0) this.#counts.delete(lease.name);
    else this.#counts.set(lease.name, left);
    const ofLogin = this.#byEpoch.get(lease.tokenEpoch);
    ofLogin?.delete(lease);
    if (ofLogin?.size === 0) this.#byEpoch.delete(lease.tokenEpoch);
  }

  /** In the order in which they came. May be left and taken up again while leases come and go. */
  all(): IterableIterator<TrackedLease> {
    return this.#byEnd.items();
  }

  /** Those of log-in `epoch`. May be left and taken up again like `all()`. */
  ofLogin(epoch: number): Iterable<TrackedLease> {
    return this.#byEpoch.get(epoch) ?? [];
  }
}
