import { PriorityQueue } from '../../support/priority-queue.js';
import { DueLeases } from './due-leases.js';
import type { RenewalOutage } from './renewal-outage.js';

/** An engine that cannot renew, and the leases that wait until it can. */
export interface EngineOutage {
  readonly name: string;
  readonly outage: RenewalOutage;
  readonly waiting: DueLeases;
}

/** Engines that cannot renew, by the name of their leases: what goes by one name comes from one engine. */
export class EngineOutages {
  readonly #byName = new Map<string, EngineOutage>();
  readonly #byNextTry = new PriorityQueue<EngineOutage, number>((left, right) => left < right);

  /** When one renewal may be tried at some engine; `Infinity` without outages, and while a try is under way at each. */
  get nextTryAtMs(): number {
    return this.#byNextTry.firstKey ?? Number.POSITIVE_INFINITY;
  }

  /** An engine at which one renewal may be tried now. */
  due(nowMs: number): EngineOutage | undefined {
    return this.nextTryAtMs > nowMs ? undefined : this.#byNextTry.first;
  }

  of(name: string): EngineOutage | undefined {
    return this.#byName.get(name);
  }

  names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  begin(name: string, outage: RenewalOutage): void {
    this.#byName.set(name, { name, outage, waiting: new DueLeases() });
    this.moved(name);
  }

  /** The next try at the engine has moved. */
  moved(name: string): void {
    const engine = this.#byName.get(name);
    if (engine !== undefined) this.#byNextTry.set(engine, engine.outage.nextTryAtMs);
  }

  /** The engine renews again, or nobody waits for it. */
  end(name: string): void {
    const engine = this.#byName.get(name);
    if (engine !== undefined) this.#byNextTry.delete(engine);
    this.#byName.delete(name);
  }
}
