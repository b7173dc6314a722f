import type { VaultError } from '../../errors/vault-error.js';
import type { Clock } from '../../support/time/clock.js';
import type { RenewalOutageEvent } from '../lease.events.js';
import type { LeaseLedger } from '../tracked/lease-ledger.js';
import type { TrackedLease } from '../tracked/tracked-lease.js';
import { DueLeases } from './due-leases.js';
import { EngineOutages } from './engine-outages.js';
import type { RenewalAnswer } from './renewal-answer.js';
import { RenewalOutage } from './renewal-outage.js';

export interface RenewalQueueOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly ledger: LeaseLedger;
  readonly emit: (event: RenewalOutageEvent) => void;
}

/** A renewal that finds out whether an outage is over. */
export interface RenewalProbe {
  readonly lease: TrackedLease;
  readonly outage: RenewalOutage;
}

/**
 * The leases that wait for their renewal, and the outages that hold them up: of Vault, which hold up all, and of engines, which hold up the
 * leases of one name. An outage begins with the first failure, and ends when Vault, or the engine, has done what it was asked.
 */
export class RenewalQueue {
  readonly #options: RenewalQueueOptions;
  readonly #due = new DueLeases();
  readonly #engines = new EngineOutages();
  readonly #failing = new Set<TrackedLease>();
  #vaultOutage: RenewalOutage | undefined;

  constructor(options: RenewalQueueOptions) {
    this.#options = options;
  }

  /** Leases whose last renewal failed, or that wait for the end of an outage. */
  get failing(): number {
    return this.#failing.size;
  }

  /** When an outage may be probed; `Infinity` without outages, and while each is being probed. */
  get nextProbeAtMs(): number {
    if (this.#vaultOutage === undefined) return this.#engines.nextTryAtMs;
    return this.#due.size === 0 ? Number.POSITIVE_INFINITY : this.#vaultOutage.nextTryAtMs;
  }

  /** How often the renewal of the lease that is sent next has failed in a row; undefined while none may be sent. */
  get failuresOfNext(): number | undefined {
    return this.#vaultOutage === undefined ? this.#due.failuresOfFirst : undefined;
  }

  has(lease: TrackedLease): boolean {
    return this.#due.has(lease) || this.#engines.of(lease.name)?.waiting.has(lease) === true;
  }

  /** `lease` is due. */
  add(lease: TrackedLease): void {
    if (lease.state.kind !== 'renewing') return;
    const { failures } = lease.state;
    const engine = this.#engines.of(lease.name);
    (engine?.waiting ?? this.#due).add(lease, failures);
    const outage = engine?.outage ?? this.#vaultOutage;
    if (outage === undefined) return;
    this.#failing.add(lease);
    if (failures === 0) outage.hurry(lease.expiresAtMs);
    this.#engines.moved(lease.name);
  }

  /** `lease` is not to be renewed any more. */
  drop(lease: TrackedLease): void {
    this.#failing.delete(lease);
    if (this.#due.delete(lease)) return;
    if (this.#engines.of(lease.name)?.waiting.delete(lease) === true) this.#endIfIdle(lease.name);
  }

  /** The next lease that may be sent, if its engine renews. The engine may have failed for others since it was due: then it waits for that. */
  takeNext(): TrackedLease | undefined {
    const lease = this.#due.first;
    if (lease === undefined) return undefined;
    this.#due.delete(lease);
    if (this.#engines.of(lease.name) === undefined) return lease;
    this.add(lease);
    return undefined;
  }

  /** A lease whose renewal may find out now whether an outage is over. */
  takeProbe(nowMs: number): RenewalProbe | undefined {
    const outage = this.#vaultOutage;
    if (outage === undefined) {
      const engine = this.#engines.due(nowMs);
      return engine === undefined ? undefined : this.#probeOf(engine.outage, engine.waiting);
    }
    return this.#due.size > 0 && outage.nextTryAtMs <= nowMs ? this.#probeOf(outage, this.#due) : undefined;
  }

  #probeOf(outage: RenewalOutage, waiting: DueLeases): RenewalProbe {
    const lease = waiting.first!;
    outage.probe();
    if (outage.name !== undefined) this.#engines.moved(outage.name);
    waiting.delete(lease);
    return { lease, outage };
  }

  /** Vault has answered for `lease`. `isGranted`: its engine has, too. */
  answered(lease: TrackedLease, isGranted: boolean): void {
    if (isGranted) this.#failing.delete(lease);
    this.#over(undefined);
    if (isGranted) this.#over(lease.name);
  }

  /**
   * The renewal of `lease` failed. Only the tries that probe an outage lengthen its pauses.
   * @param probed the outage that it was to probe
   * @returns the outage that the failure belongs to
   */
  failed(
    lease: TrackedLease,
    answer: Extract<RenewalAnswer, { readonly kind: 'failed' }>,
    probed: RenewalOutage | undefined,
  ): RenewalOutage {
    const { clock, random } = this.#options;
    const { error } = answer;
    const name = answer.ofEngine ? lease.name : undefined;
    if (name !== undefined) this.#over(undefined);
    const known = this.#outageOf(name);
    if (known !== undefined && known !== probed) return known;
    const waiting = name === undefined ? this.#due : this.#engines.of(name)?.waiting;
    const soonestEndMs = Math.min(lease.expiresAtMs, waiting?.first?.expiresAtMs ?? Number.POSITIVE_INFINITY);
    const failure = { error, nowMs: clock.nowMs(), random: random(), soonestEndMs };
    if (known === undefined) return this.#begin(new RenewalOutage(name, failure), error);
    known.failed(failure);
    if (name !== undefined) this.#engines.moved(name);
    return known;
  }

  /** A renewal of `lease` has ended: the outage that it was to probe may be probed again. */
  ended({ name }: TrackedLease, probed: RenewalOutage | undefined): void {
    if (probed !== undefined) {
      probed.undecided();
      this.#engines.moved(name);
    }
    this.#endIfIdle(name);
  }

  #begin(outage: RenewalOutage, error: VaultError): RenewalOutage {
    const { ledger, emit, clock } = this.#options;
    const { name, nextTryAtMs } = outage;
    if (name === undefined) {
      // Nobody can say how an engine fares while Vault is away.
      for (const engine of this.#engines.names()) this.#release(engine);
      this.#vaultOutage = outage;
      for (const lease of this.#due.items()) this.#failing.add(lease);
    } else this.#engines.begin(name, outage);
    emit({ type: 'renewalsHeld', name, leases: ledger.count(name), error, nextTryInMs: nextTryAtMs - clock.nowMs() });
    return outage;
  }

  /** Vault, or the engine of leases called `name`, has done what it was asked. */
  #over(name: string | undefined): void {
    const outage = this.#outageOf(name);
    if (outage === undefined) return;
    const leases = name === undefined ? this.#due.size : this.#release(name);
    if (name === undefined) this.#vaultOutage = undefined;
    const heldMs = Math.round(this.#options.clock.nowMs() - outage.sinceMs);
    this.#options.emit({ type: 'renewalsResumed', name, leases, heldMs });
  }

  #outageOf(name: string | undefined): RenewalOutage | undefined {
    return name === undefined ? this.#vaultOutage : this.#engines.of(name)?.outage;
  }

  /** Those who wait for an engine are due like all others. @returns how many */
  #release(name: string): number {
    const waiting = this.#engines.of(name)!.waiting;
    this.#engines.end(name);
    for (const lease of waiting.items()) this.add(lease);
    return waiting.size;
  }

  /** Nobody waits for the engine any more, and nobody asks it. */
  #endIfIdle(name: string): void {
    const engine = this.#engines.of(name);
    if (engine !== undefined && !engine.outage.isProbing && engine.waiting.size === 0) this.#over(name);
  }
}
