import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { GiveBack } from '../driver/native-pool.js';
import type { PoolSettings } from '../driver/pool-settings.js';
import type { Clock } from '@keyturn/vault';
import { sleep } from '../support/sleep.js';
import type { Checkout } from './checkout.js';
import type { Generation } from './generation.js';
import type { GenerationSet } from './generation-set.js';
import { outageAfterFailure, outageExceeds, outagePauseMs, type Outage } from './outage.js';
import { poolTimedOut, serverUnreachable } from './pool-faults.js';
import type { ConnectCallback, Waiter } from './waiter.js';

/** Between two log-ins that find out whether the server accepts the credentials again. */
const loginPauseMs = 1_000;

export interface DispatcherOptions {
  readonly settings: PoolSettings;
  readonly adapter: DriverAdapter;
  readonly generations: GenerationSet;
  /** Sockets at a time, over all generations. */
  readonly maxConnections: number;
  /** How long callers wait for a server that is away before they are told. */
  readonly outageBudgetMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** Resolves when the pool has other credentials. */
  readonly onLoginRejected: (generation: Generation, sqlState: string) => Promise<void>;
}

/**
 * Who gets which connection: the queue of all callers, first come first served, and one permit for each connection in use, whatever its
 * generation. Callers never wait inside a generation, so that a flip serves them from the new one at once.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #generations: GenerationSet;
  readonly #max: number;
  readonly #handOff: boolean;
  readonly #queue: Waiter[] = [];
  readonly #stop = new AbortController();
  #inUse = 0;
  #holds = 0;
  #growthBlocks = 0;
  #outage: Outage | undefined;
  #refusal: Error | undefined;
  #loginRefusal: Error | undefined;
  #isProbing = false;
  #onQuiet: (() => void)[] = [];

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#generations = options.generations;
    this.#max = options.settings.max;
    this.#handOff = options.settings.handOff;
  }

  get inUse(): number {
    return this.#inUse;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  get outage(): string | undefined {
    return this.#outage?.reason;
  }

  /** Calls back with a connection as soon as there is one. */
  take(callback: ConnectCallback): void {
    const { active } = this.#generations;
    const refusal = this.#refusal ?? (active?.native.idleCount === 0 ? this.#loginRefusal : undefined);
    if (refusal !== undefined) {
      // Not on the next tick: a caller that tries again at once would keep the event loop from everything else.
      setImmediate(callback, refusal);
      return;
    }
    const waiter: Waiter = { callback, cancelTimeout: undefined, gone: false };
    if (this.#queue.length === 0 && active !== undefined && this.#canServe(active)) this.#dispatch(active, waiter);
    else this.#enqueue(waiter);
  }

  /** Serves whoever can be served now. */
  pump(): void {
    for (;;) {
      const { active } = this.#generations;
      if (active === undefined || this.#queue.length === 0 || !this.#canServe(active)) break;
      this.#dispatch(active, this.#queue.shift()!);
    }
    this.#probe();
    if (this.#inUse === 0 && this.#queue.length === 0 && this.#onQuiet.length > 0) {
      const listeners = this.#onQuiet;
      this.#onQuiet = [];
      for (const listener of listeners) listener();
    }
  }

  /** Hands out nothing until the returned function is called. */
  hold(): () => void {
    this.#holds += 1;
    return () => {
      this.#holds -= 1;
      this.pump();
    };
  }

  /** From now on every caller gets `error` at once; those who wait get it now. */
  refuse(error: Error): void {
    this.#refusal = error;
    this.rejectAll(error);
  }

  /** Serves again, after `refuse()`, on a generation that has just proved itself. */
  accept(): void {
    this.#refusal = undefined;
    this.#recover();
  }

  /** Ends the pauses between tries as well. */
  stop(error: Error): void {
    this.#stop.abort(error);
    this.refuse(error);
  }

  /** Resolves when nobody uses or waits for a connection. */
  quiet(): Promise<void> {
    if (this.#inUse === 0 && this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onQuiet.push(resolve));
  }

  /** Takes a connection from a user who does not give it back. */
  takeAway(generation: Generation, checkout: Checkout, reason: Error): void {
    if (checkout.takenAway || !generation.checkouts.has(checkout)) return;
    checkout.takenAway = true;
    this.#putBack(generation, checkout, reason);
  }

  /** Tells those who wait that there is nothing to wait for. */
  rejectAll(error: Error): void {
    for (const waiter of this.#queue.splice(0)) this.#reject(waiter, error);
    this.pump();
  }

  get #hasRoom(): boolean {
    return this.#generations.physicalCount < this.#options.maxConnections;
  }

  #canServe(active: Generation): boolean {
    if (this.#holds > 0 || this.#inUse >= this.#max) return false;
    if (active.native.idleCount > 0) return true;
    return this.#growthBlocks === 0 && this.#loginRefusal === undefined && this.#hasRoom;
  }

  #enqueue(waiter: Waiter): void {
    // Who waits for the first generation waits for its outcome, which names what is wrong and has a time limit of its own.
    const timeoutMs = this.#generations.active === undefined ? undefined : this.#options.settings.acquireTimeoutMs;
    if (timeoutMs !== undefined && waiter.cancelTimeout === undefined) {
      waiter.cancelTimeout = this.#options.clock.setTimer(() => this.#timeOut(waiter, timeoutMs), timeoutMs);
    }
    this.#queue.push(waiter);
  }

  #timeOut(waiter: Waiter, timeoutMs: number): void {
    const at = this.#queue.indexOf(waiter);
    if (at >= 0) this.#queue.splice(at, 1);
    this.#reject(waiter, poolTimedOut(this.#options.settings, timeoutMs, this.#inUse));
  }

  #dispatch(generation: Generation, waiter: Waiter): void {
    this.#inUse += 1;
    generation.acquire((error, checkout) => {
      if (checkout === undefined) {
        this.#inUse -= 1;
        this.#acquireFailed(generation, waiter, error);
        this.pump();
      } else if (waiter.gone || !generation.isActive) {
        // It was opened for the generation before the flip: closed, not used, so that nothing new starts on old credentials.
        if (!waiter.gone) this.#queue.unshift(waiter);
        this.#putBack(generation, checkout);
      } else {
        this.#outage = undefined;
        this.#lend(generation, checkout, waiter);
      }
    });
  }

  #lend(generation: Generation, checkout: Checkout, waiter: Waiter): void {
    waiter.cancelTimeout?.();
    let released = false;
    const release: GiveBack = (reason) => {
      if (checkout.takenAway) return;
      if (released) throw new Error('Release called on client which has already been released to the pool.');
      released = true;
      this.#released(generation, checkout, reason);
    };
    (checkout.connection as { release?: GiveBack }).release = release;
    waiter.callback(undefined, checkout.connection, release);
  }

  #released(generation: Generation, checkout: Checkout, reason: Error | boolean | undefined): void {
    const passOn = this.#handOff && this.#holds === 0 && this.#queue.length > 0 && generation.isActive;
    if (passOn && (reason === undefined || reason === false) && generation.native.isUsable(checkout.connection)) {
      this.#lend(generation, checkout, this.#queue.shift()!);
    } else {
      this.#putBack(generation, checkout, reason);
    }
  }

  #putBack(generation: Generation, checkout: Checkout, reason?: Error | boolean): void {
    this.#inUse -= 1;
    generation.giveBack(checkout, reason);
    this.pump();
  }

  #acquireFailed(generation: Generation, waiter: Waiter, error: Error | undefined): void {
    if (waiter.gone) return;
    if (this.#refusal !== undefined) {
      this.#reject(waiter, this.#refusal);
      return;
    }
    const kind = this.#options.adapter.classify(error);
    if (!generation.isActive) this.#queue.unshift(waiter);
    else if (kind === 'login') this.#loginRejected(generation, waiter, error);
    else if (kind === 'network' || kind === 'overload') this.#serverAway(waiter, error);
    else this.#reject(waiter, error ?? new Error('The connection could not be opened.'));
  }

  #loginRejected(generation: Generation, waiter: Waiter, error: unknown): void {
    this.#queue.unshift(waiter);
    this.#reportLogin(generation, error);
  }

  #reportLogin(generation: Generation, error: unknown): void {
    this.#growthBlocks += 1;
    this.#options
      .onLoginRejected(generation, this.#options.adapter.reasonOf(error))
      .catch((refusal: unknown) => this.#refuseLogins(generation, refusal as Error))
      .finally(() => {
        this.#growthBlocks -= 1;
        this.pump();
      });
  }

  /** Until the next commit, or until a log-in succeeds again: no caller makes the server refuse another one. */
  #refuseLogins(generation: Generation, refusal: Error): void {
    if (!generation.isActive) return;
    this.#loginRefusal = refusal;
    void this.#pauseGrowth(loginPauseMs);
    this.rejectAll(refusal);
  }

  #serverAway(waiter: Waiter, error: unknown): void {
    const { clock, outageBudgetMs, settings } = this.#options;
    this.#queue.unshift(waiter);
    if (this.#growthBlocks === 0) this.#noteOutage(error);
    if (this.#outage === undefined || !outageExceeds(this.#outage, clock.nowMs(), outageBudgetMs)) return;
    this.rejectAll(serverUnreachable(settings, this.#outage.reason, outageBudgetMs));
  }

  #noteOutage(error: unknown): void {
    const { clock, random, adapter } = this.#options;
    this.#outage = outageAfterFailure(this.#outage, clock.nowMs(), adapter.reasonOf(error));
    void this.#pauseGrowth(outagePauseMs(this.#outage, random()));
  }

  /** Callers may stay away for as long as the health is bad: so the end of the trouble is looked for without them. */
  #probe(): void {
    const { active } = this.#generations;
    const isTroubled = this.#outage !== undefined || this.#loginRefusal !== undefined;
    const isBusy = this.#isProbing || this.#growthBlocks > 0 || this.#queue.length > 0 || !this.#hasRoom;
    if (!isTroubled || isBusy || this.#refusal !== undefined || active === undefined) return;
    this.#isProbing = true;
    active.native
      .proveLogin()
      .then(() => active.isActive && this.#recover())
      .catch((error: unknown) => active.isActive && this.#probeFailed(active, error))
      .finally(() => {
        this.#isProbing = false;
        this.pump();
      });
  }

  #probeFailed(active: Generation, error: unknown): void {
    if (this.#options.adapter.classify(error) !== 'login') return this.#noteOutage(error);
    this.#outage = undefined;
    if (this.#loginRefusal === undefined) this.#reportLogin(active, error);
    else void this.#pauseGrowth(loginPauseMs);
  }

  #recover(): void {
    this.#outage = undefined;
    this.#loginRefusal = undefined;
  }

  async #pauseGrowth(pauseMs: number): Promise<void> {
    this.#growthBlocks += 1;
    await sleep(this.#options.clock, pauseMs, this.#stop.signal).catch(() => undefined);
    this.#growthBlocks -= 1;
    this.pump();
  }

  #reject(waiter: Waiter, error: Error): void {
    waiter.cancelTimeout?.();
    waiter.gone = true;
    waiter.callback(error);
  }
}
