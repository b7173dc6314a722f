import type { Clock } from '@keyturn/vault';
import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { FailureKind } from '../driver/failure-kind.js';
import type { PoolSettings } from '../driver/pool-settings.js';
import type { Generation } from '../generations/generation.js';
import {
  closedCircuit,
  fullServerOf,
  loginRefusalOf,
  nextCircuitState,
  outageOf,
  type CircuitEvent,
  type CircuitState,
} from './circuit-state.js';
import { GrowthPauses } from './growth-pauses.js';
import { outageExceeds, outagePauseMs, type Outage } from './outage.js';
import { serverUnreachable } from './pool-faults.js';

/** Between two log-ins that find out whether the server accepts the credentials again. */
const loginPauseMs = 1_000;

export interface ServerCircuitOptions {
  readonly settings: PoolSettings;
  readonly adapter: DriverAdapter;
  /** How long callers wait for a server that is away before they are told. */
  readonly outageBudgetMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** Resolves when the pool has other credentials. */
  readonly onLoginRejected: (generation: Generation, sqlState: string) => Promise<void>;
}

/** The callers that wait while the server is away. */
export interface CircuitQueue {
  /** They have waited long enough. */
  rejectAll(error: Error): void;
  /** A connection may be opened again. */
  pump(): void;
}

/**
 * Paces the tries to open a connection, by what `CircuitState` says of the server. It knows when callers have waited long enough, and looks
 * for the end of an outage when no caller does.
 */
export class ServerCircuit {
  readonly #options: ServerCircuitOptions;
  readonly #queue: CircuitQueue;
  readonly #pauses: GrowthPauses;
  #state: CircuitState = closedCircuit;
  /** Refused log-ins whose credentials are being replaced. */
  #reports = 0;
  #heldUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: ServerCircuitOptions, queue: CircuitQueue) {
    this.#options = options;
    this.#queue = queue;
    this.#pauses = new GrowthPauses(options.clock, () => queue.pump());
  }

  /** SQLSTATE or system error code while the server cannot be reached. */
  get outage(): string | undefined {
    return outageOf(this.#state)?.reason;
  }

  /** SQLSTATE while the server gives no connection beyond those that the pool has. */
  get fullServer(): string | undefined {
    return fullServerOf(this.#state)?.reason;
  }

  /** Why no log-in is to be had, once the rotation has found no other credentials either. */
  get loginRefusal(): Error | undefined {
    return loginRefusalOf(this.#state);
  }

  /** Whether its end has to be looked for. */
  get exists(): boolean {
    return this.#state !== closedCircuit && (this.outage !== undefined || this.loginRefusal !== undefined);
  }

  /** Whether no connection should be opened now. */
  get blocksGrowth(): boolean {
    return this.#pauses.areRunning || this.loginRefusal !== undefined;
  }

  /**
   * Until when callers waited for the end of the outage, on the monotonic clock; the present while they still do. That wait has a time limit
   * of its own: the outage budget, or the budget of the credentials.
   */
  heldUntilMs(active: Generation | undefined): number {
    const { clock, outageBudgetMs } = this.#options;
    const nowMs = clock.nowMs();
    const outage = outageOf(this.#state);
    if (outage !== undefined && !outageExceeds(outage, nowMs, outageBudgetMs)) return nowMs;
    return this.#reports > 0 && active?.holdsConnections === false ? nowMs : this.#heldUntilMs;
  }

  /** The server has given a connection. */
  reached(): void {
    if (this.#state !== closedCircuit) this.#step({ type: 'reached' });
  }

  /** A generation has just proved itself. */
  recover(): void {
    this.#step({ type: 'proved' });
  }

  /** Whether a failure of this kind may pass, so that its caller should wait. */
  mayPass(kind: FailureKind): boolean {
    return kind === 'login' || kind === 'network' || kind === 'name' || kind === 'overload';
  }

  /** Takes note of a failure that may pass, after its caller has begun to wait. */
  met(generation: Generation, kind: FailureKind, error: unknown): void {
    if (kind === 'login') this.#reportLogin(generation, error);
    else if (kind === 'overload' && generation.holdsConnections) this.#serverFull(error);
    else this.#serverAway(error);
  }

  /** Looks for the end of the outage without the callers, who may stay away for as long as the health is bad. */
  probe(active: Generation): void {
    if (this.#state.kind === 'probing' || this.#pauses.areRunning) return;
    this.#step({ type: 'probeBegun' });
    active.native
      .proveLogin()
      .then(() => active.isActive && this.recover())
      .catch((error: unknown) => active.isActive && this.#probeFailed(active, error))
      .finally(() => {
        this.#step({ type: 'probeEnded' });
        this.#queue.pump();
      });
  }

  /** Ends the pauses between tries. */
  stop(error: Error): void {
    this.#pauses.stop(error);
  }

  #step(event: CircuitEvent): void {
    const wasAway = outageOf(this.#state) !== undefined;
    this.#state = nextCircuitState(this.#state, event);
    if (wasAway && outageOf(this.#state) === undefined) this.#heldUntilMs = this.#options.clock.nowMs();
  }

  #probeFailed(active: Generation, error: unknown): void {
    const kind = this.#options.adapter.classify(error);
    if (kind === 'overload' && active.holdsConnections) return this.#serverFull(error);
    if (kind !== 'login') return this.#noteOutage(error);
    this.#step({ type: 'answered' });
    if (this.loginRefusal === undefined) this.#reportLogin(active, error);
    else void this.#pauses.forMs(loginPauseMs);
  }

  #reportLogin(generation: Generation, error: unknown): void {
    this.#reports += 1;
    const report = this.#options
      .onLoginRejected(generation, this.#options.adapter.reasonOf(error))
      .catch((refusal: unknown) => this.#refuseLogins(generation, refusal as Error))
      .finally(() => {
        if (!generation.holdsConnections) this.#heldUntilMs = this.#options.clock.nowMs();
        this.#reports -= 1;
      });
    void this.#pauses.during(report);
  }

  /**
   * Until the next commit, or until a log-in succeeds again: no caller makes the server refuse another one. Those who wait go on waiting
   * where the pool has connections that will come back.
   */
  #refuseLogins(generation: Generation, refusal: Error): void {
    if (!generation.isActive) return;
    this.#step({ type: 'refused', refusal });
    void this.#pauses.forMs(loginPauseMs);
  }

  /** No outage: callers are served on the connections that the pool has, and another one is tried for at the pace of an outage. */
  #serverFull(error: unknown): void {
    // While others have tried already, their pause holds. Still, the server has answered.
    if (this.#pauses.areRunning) return this.#step({ type: 'answered' });
    this.#step({ type: 'full', ...this.#factsOf(error) });
    this.#pauseAfter(fullServerOf(this.#state));
  }

  #serverAway(error: unknown): void {
    const { clock, outageBudgetMs, settings } = this.#options;
    if (!this.#pauses.areRunning) this.#noteOutage(error);
    const outage = outageOf(this.#state);
    if (outage === undefined || !outageExceeds(outage, clock.nowMs(), outageBudgetMs)) return;
    this.#queue.rejectAll(serverUnreachable(settings, outage.reason, outageBudgetMs));
  }

  #noteOutage(error: unknown): void {
    this.#step({ type: 'away', ...this.#factsOf(error) });
    this.#pauseAfter(outageOf(this.#state));
  }

  #factsOf(error: unknown): { readonly atMs: number; readonly reason: string } {
    return { atMs: this.#options.clock.nowMs(), reason: this.#options.adapter.reasonOf(error) };
  }

  #pauseAfter(tries: Outage | undefined): void {
    if (tries !== undefined) void this.#pauses.forMs(outagePauseMs(tries, this.#options.random()));
  }
}
