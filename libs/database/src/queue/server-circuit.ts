import type { Clock } from '@keyturn/vault';
import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { FailureKind } from '../driver/failure-kind.js';
import type { PoolSettings } from '../driver/pool-settings.js';
import { sleep } from '../support/sleep.js';
import type { Generation } from '../generations/generation.js';
import { outageAfterFailure, outageExceeds, outagePauseMs, type Outage } from './outage.js';
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
 * What stands between the pool and new connections: a server that is away, or one that refuses the log-in. It paces the tries, knows when
 * callers have waited long enough, and looks for the end of the outage when no caller does.
 */
export class ServerCircuit {
  readonly #options: ServerCircuitOptions;
  readonly #queue: CircuitQueue;
  #stop: AbortController | undefined;
  #outage: Outage | undefined;
  #fullServer: Outage | undefined;
  #loginRefusal: Error | undefined;
  #growthBlocks = 0;
  #isProbing = false;
  /** Refused log-ins whose credentials are being replaced. */
  #reports = 0;
  #heldUntilMs = -Infinity;

  constructor(options: ServerCircuitOptions, queue: CircuitQueue) {
    this.#options = options;
    this.#queue = queue;
  }

  /** SQLSTATE or system error code while the server cannot be reached. */
  get outage(): string | undefined {
    return this.#outage?.reason;
  }

  /** SQLSTATE while the server gives no connection beyond those that the pool has. */
  get fullServer(): string | undefined {
    return this.#fullServer?.reason;
  }

  /** Why no log-in is to be had, once the rotation has found no other credentials either. */
  get loginRefusal(): Error | undefined {
    return this.#loginRefusal;
  }

  get exists(): boolean {
    return this.#outage !== undefined || this.#loginRefusal !== undefined;
  }

  /** Whether no connection should be opened now. */
  get blocksGrowth(): boolean {
    return this.#growthBlocks > 0 || this.#loginRefusal !== undefined;
  }

  /**
   * Until when callers waited for the end of the outage, whose time limit is its own: the outage budget, or that of the credentials. The
   * present while they still do.
   */
  heldUntilMs(active: Generation | undefined): number {
    const { clock, outageBudgetMs } = this.#options;
    const nowMs = clock.nowMs();
    if (this.#outage !== undefined && !outageExceeds(this.#outage, nowMs, outageBudgetMs)) return nowMs;
    return this.#reports > 0 && active?.holdsConnections === false ? nowMs : this.#heldUntilMs;
  }

  /** The server has given a connection. */
  reached(): void {
    this.#endOutage();
    this.#fullServer = undefined;
  }

  /** A generation has just proved itself. */
  recover(): void {
    this.reached();
    this.#loginRefusal = undefined;
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

  /** Callers may stay away for as long as the health is bad: so the end of the outage is looked for without them. */
  probe(active: Generation): void {
    if (this.#isProbing || this.#growthBlocks > 0) return;
    this.#isProbing = true;
    active.native
      .proveLogin()
      .then(() => active.isActive && this.recover())
      .catch((error: unknown) => active.isActive && this.#probeFailed(active, error))
      .finally(() => {
        this.#isProbing = false;
        this.#queue.pump();
      });
  }

  /** Ends the pauses between tries. */
  stop(error: Error): void {
    this.#stopping.abort(error);
  }

  get #stopping(): AbortController {
    return (this.#stop ??= new AbortController());
  }

  #probeFailed(active: Generation, error: unknown): void {
    const kind = this.#options.adapter.classify(error);
    if (kind === 'overload' && active.holdsConnections) return this.#serverFull(error);
    if (kind !== 'login') return this.#noteOutage(error);
    this.#endOutage();
    if (this.#loginRefusal === undefined) this.#reportLogin(active, error);
    else void this.#pauseGrowth(loginPauseMs);
  }

  #endOutage(): void {
    if (this.#outage !== undefined) this.#heldUntilMs = this.#options.clock.nowMs();
    this.#outage = undefined;
  }

  #reportLogin(generation: Generation, error: unknown): void {
    this.#growthBlocks += 1;
    this.#reports += 1;
    this.#options
      .onLoginRejected(generation, this.#options.adapter.reasonOf(error))
      .catch((refusal: unknown) => this.#refuseLogins(generation, refusal as Error))
      .finally(() => {
        if (!generation.holdsConnections) this.#heldUntilMs = this.#options.clock.nowMs();
        this.#growthBlocks -= 1;
        this.#reports -= 1;
        this.#queue.pump();
      });
  }

  /**
   * Until the next commit, or until a log-in succeeds again: no caller makes the server refuse another one. Those who wait go on waiting
   * where the pool has connections that will come back.
   */
  #refuseLogins(generation: Generation, refusal: Error): void {
    if (!generation.isActive) return;
    this.#loginRefusal = refusal;
    void this.#pauseGrowth(loginPauseMs);
  }

  /** No outage: callers are served on the connections that the pool has, and another one is tried for at the pace of an outage. */
  #serverFull(error: unknown): void {
    this.#endOutage();
    if (this.#growthBlocks > 0) return;
    const { clock, random, adapter } = this.#options;
    this.#fullServer = outageAfterFailure(this.#fullServer, clock.nowMs(), adapter.reasonOf(error));
    void this.#pauseGrowth(outagePauseMs(this.#fullServer, random()));
  }

  #serverAway(error: unknown): void {
    const { clock, outageBudgetMs, settings } = this.#options;
    if (this.#growthBlocks === 0) this.#noteOutage(error);
    if (this.#outage === undefined || !outageExceeds(this.#outage, clock.nowMs(), outageBudgetMs)) return;
    this.#queue.rejectAll(serverUnreachable(settings, this.#outage.reason, outageBudgetMs));
  }

  #noteOutage(error: unknown): void {
    const { clock, random, adapter } = this.#options;
    this.#outage = outageAfterFailure(this.#outage, clock.nowMs(), adapter.reasonOf(error));
    void this.#pauseGrowth(outagePauseMs(this.#outage, random()));
  }

  async #pauseGrowth(pauseMs: number): Promise<void> {
    this.#growthBlocks += 1;
    await sleep(this.#options.clock, pauseMs, this.#stopping.signal).catch(() => undefined);
    this.#growthBlocks -= 1;
    this.#queue.pump();
  }
}
