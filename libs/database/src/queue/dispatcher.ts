import type { GiveBack, NativeConnection } from '../driver/native-pool.js';
import type { Checkout } from '../generations/checkout.js';
import { SlotHandOver } from '../generations/slot-hand-over.js';
import type { Generation } from '../generations/generation.js';
import type { GenerationSet } from '../generations/generation-set.js';
import { poolTimedOut, serverUnreachable } from './pool-faults.js';
import { HandOff } from './hand-off.js';
import { ServerCircuit, type ServerCircuitOptions } from './server-circuit.js';
import type { ConnectCallback, Waiter } from './waiter.js';
import { releaseNothing, WaiterQueue } from './waiter-queue.js';

export interface DispatcherOptions extends ServerCircuitOptions {
  readonly generations: GenerationSet;
  /** Sockets at a time, over all generations. */
  readonly maxConnections: number;
  /** A caller gets a connection. */
  readonly onAcquired: (connection: NativeConnection) => void;
  /** A caller has given one back, or it was taken away; with the reason why it is not kept. */
  readonly onReleased: (reason: Error | boolean | undefined, connection: NativeConnection) => void;
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
  readonly #queue: WaiterQueue;
  readonly #circuit: ServerCircuit;
  readonly #slotHandOver = new SlotHandOver();
  readonly #handOffs = new HandOff((generation: Generation, checkout: Checkout) => this.#passOn(generation, checkout));
  #inUse = 0;
  #holds = 0;
  #withholds = 0;
  #resumedAtMs = Number.NEGATIVE_INFINITY;
  #refusal: Error | undefined;
  #onQuiet: (() => void)[] = [];

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#generations = options.generations;
    this.#max = options.settings.max;
    this.#handOff = options.settings.handOff;
    this.#circuit = new ServerCircuit(options, this);
    this.#queue = new WaiterQueue({
      clock: options.clock,
      timeoutMs: options.settings.acquireTimeoutMs,
      heldUntilMs: () => Math.max(this.#circuit.heldUntilMs(this.#generations.active), this.#withheldUntilMs()),
      timedOut: (timeoutMs) => this.#timedOut(timeoutMs),
    });
  }

  get inUse(): number {
    return this.#inUse;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  get outage(): string | undefined {
    return this.#circuit.outage;
  }

  /** What callers get at once: there is no connection, and none to be had. */
  get refusal(): Error | undefined {
    const { active } = this.#generations;
    return this.#refusal ?? (active?.holdsConnections === false ? this.#circuit.loginRefusal : undefined);
  }

  /** Calls back with a connection as soon as there is one. */
  take(callback: ConnectCallback): void {
    const { active } = this.#generations;
    const { refusal } = this;
    if (refusal !== undefined) {
      // Not on the next tick: a caller that tries again at once would keep the event loop from everything else.
      setImmediate(callback, refusal, undefined, releaseNothing);
      return;
    }
    const waiter: Waiter = { callback, cancelTimeout: undefined, gone: false, before: undefined, behind: undefined };
    if (this.#queue.length === 0 && active !== undefined && this.#canServe(active)) this.#dispatch(active, waiter);
    // Who waits for the first generation waits for its outcome, which names what is wrong and has a time limit of its own.
    else this.#queue.join(waiter, active !== undefined);
  }

  /** Serves whoever can be served now. */
  pump(): void {
    for (;;) {
      const { active } = this.#generations;
      if (active === undefined || this.#queue.length === 0 || !this.#canServe(active)) break;
      this.#dispatch(active, this.#queue.next()!);
    }
    if (this.#circuit.exists) this.#seeThrough();
    if (this.#inUse === 0 && this.#queue.length === 0 && this.#onQuiet.length > 0) {
      const listeners = this.#onQuiet;
      this.#onQuiet = [];
      for (const listener of listeners) listener();
    }
  }

  /** Hands out nothing until the returned function is called, which may be called again. */
  hold(): () => void {
    let held = 1;
    this.#holds += held;
    return () => {
      this.#holds -= held;
      held = 0;
      this.pump();
    };
  }

  /** Like `hold()`, while nobody's acquire time-out passes. */
  withhold(): () => void {
    const resume = this.hold();
    let withheld = 1;
    this.#withholds += withheld;
    return () => {
      this.#withholds -= withheld;
      withheld = 0;
      this.#resumedAtMs = this.#options.clock.nowMs();
      resume();
    };
  }

  /** Closes one connection of the active generation and opens none for it, until the returned function is called. */
  giveWay(): () => void {
    if (this.#generations.active !== undefined) this.#slotHandOver.make(this.#generations.active);
    return () => {
      this.#slotHandOver.end();
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
    this.#circuit.recover();
  }

  /** Ends the pauses between tries as well. */
  stop(error: Error): void {
    this.#circuit.stop(error);
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
    this.#options.onReleased(reason, checkout.connection);
    this.#putBack(generation, checkout, reason);
  }

  /** Tells those who wait that there is nothing to wait for. */
  rejectAll(error: Error): void {
    this.#queue.rejectAll(error);
    this.pump();
  }

  get #mayGrow(): boolean {
    return this.#generations.physicalCount < this.#options.maxConnections && !this.#slotHandOver.blocksGrowth;
  }

  #canServe(active: Generation): boolean {
    if (this.#holds > 0 || this.#inUse >= this.#max) return false;
    if (active.native.idleCount > 0) return true;
    return !this.#circuit.blocksGrowth && this.#mayGrow;
  }

  #withheldUntilMs(): number {
    return this.#withholds > 0 ? this.#options.clock.nowMs() : this.#resumedAtMs;
  }

  #timedOut(timeoutMs: number): Error {
    const { settings } = this.#options;
    const { outage, fullServer } = this.#circuit;
    if (outage !== undefined) return serverUnreachable(settings, outage, timeoutMs);
    return poolTimedOut(settings, { timeoutMs, inUse: this.#inUse, refusal: fullServer });
  }

  #dispatch(generation: Generation, waiter: Waiter): void {
    this.#inUse += 1;
    const opens = generation.native.idleCount === 0;
    generation.acquire((error, checkout) => {
      if (checkout === undefined) {
        this.#inUse -= 1;
        this.#acquireFailed(generation, waiter, error);
        this.pump();
      } else if (waiter.gone || !generation.isActive) {
        // It was opened for the generation before the flip: closed, not used, so that nothing new starts on old credentials.
        if (!waiter.gone) this.#waitOn(waiter);
        this.#putBack(generation, checkout);
      } else {
        this.#circuit.reached();
        if (opens) this.#slotHandOver.overtake();
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
    this.#options.onAcquired(checkout.connection);
    waiter.callback(undefined, checkout.connection, release);
  }

  #released(generation: Generation, checkout: Checkout, reason: Error | boolean | undefined): void {
    this.#options.onReleased(reason, checkout.connection);
    const isWanted = this.#queue.length > 0 && (reason === undefined || reason === false);
    if (isWanted) this.#handOffs.run(generation, checkout);
    else this.#putBack(generation, checkout, reason);
  }

  /** A connection released in a callback comes here when that callback is over. */
  #passOn(generation: Generation, checkout: Checkout): void {
    if (checkout.takenAway) return;
    const passOn = this.#handOff && this.#holds === 0 && !this.#slotHandOver.isOwed && this.#queue.length > 0 && generation.isActive;
    if (passOn && generation.native.isUsable(checkout.connection)) this.#lend(generation, checkout, this.#queue.next()!);
    else this.#putBack(generation, checkout);
  }

  #putBack(generation: Generation, checkout: Checkout, reason?: Error | boolean): void {
    this.#inUse -= 1;
    const isKept = reason === undefined || reason === false;
    generation.giveBack(checkout, isKept && this.#slotHandOver.settle() ? true : reason);
    this.pump();
  }

  #acquireFailed(generation: Generation, waiter: Waiter, error: Error | undefined): void {
    if (waiter.gone) return;
    const kind = this.#options.adapter.classify(error);
    const isOurs = this.#refusal === undefined && generation.isActive;
    if (isOurs && !this.#circuit.mayPass(kind)) {
      this.#queue.reject(waiter, error ?? new Error('The connection could not be opened.'));
      return;
    }
    this.#waitOn(waiter);
    if (isOurs) this.#circuit.met(generation, kind, error);
  }

  /** A pool that has stopped serving meanwhile would never come back to it. */
  #waitOn(waiter: Waiter): void {
    if (this.#refusal === undefined) this.#queue.rejoin(waiter);
    else this.#queue.reject(waiter, this.#refusal);
  }

  /** Looks for the end of the outage where no caller does, and turns callers away who have nothing to wait for. */
  #seeThrough(): void {
    if (this.refusal !== undefined && this.#queue.length > 0) this.rejectAll(this.refusal);
    const { active } = this.#generations;
    const isLeftToCallers = this.#queue.length > 0 && this.#circuit.loginRefusal === undefined;
    if (active === undefined || isLeftToCallers || !this.#mayGrow || this.#refusal !== undefined) return;
    this.#circuit.probe(active);
  }
}
