import type { Checkout, Generation, Taker } from '../generations/generation.js';
import type { GenerationSet } from '../generations/generation-set.js';
import { SlotHandOver } from '../generations/slot-hand-over.js';
import { Loans, type CheckoutListener, type LoanDesk } from './loans.js';
import { Permits } from './permits.js';
import { poolTimedOut, serverUnreachable } from './pool-faults.js';
import { ServerCircuit, type ServerCircuitOptions } from './server-circuit.js';
import { isGone, newWaiter, reject, releaseNothing, type Asker, type ConnectCallback } from './waiter.js';
import { WaiterQueue } from './waiter-queue.js';

export interface DispatcherOptions extends ServerCircuitOptions {
  readonly generations: GenerationSet;
  /** Sockets at a time, over all generations. */
  readonly maxConnections: number;
  readonly listener: CheckoutListener;
}

/**
 * Who gets which connection: the queue of all callers, first come first served, and one permit for each connection in use, whatever its
 * generation. Callers never wait inside a generation, so that a flip serves them from the new one at once.
 *
 * The folder `queue/` decides who is served next, for how long a caller waits and with which error the wait ends, and when another
 * connection may be tried for while the server is away or full. It does not decide when generations change (`rotation/`), nor how a
 * connection is opened (`driver/`).
 */
export class Dispatcher implements Taker<Asker>, LoanDesk {
  readonly #options: DispatcherOptions;
  readonly #permits: Permits;
  readonly #queue: WaiterQueue;
  readonly #circuit: ServerCircuit;
  readonly #loans: Loans;
  readonly #slotHandOver = new SlotHandOver();
  #refusal: Error | undefined;
  #onQuiet: readonly (() => void)[] | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#permits = new Permits(options.settings.max, options.clock);
    this.#circuit = new ServerCircuit(options, this);
    this.#loans = new Loans(this, options.listener);
    this.#queue = new WaiterQueue({
      clock: options.clock,
      timeoutMs: options.settings.acquireTimeoutMs,
      heldUntilMs: () => Math.max(this.#circuit.heldUntilMs(options.generations.active), this.#permits.withheldUntilMs()),
      timedOut: (timeoutMs) => this.#timedOut(timeoutMs),
    });
  }

  get inUse(): number {
    return this.#permits.inUse;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  get outage(): string | undefined {
    return this.#circuit.outage;
  }

  /** What callers get at once: there is no connection, and none to be had. */
  get refusal(): Error | undefined {
    if (this.#refusal !== undefined) return this.#refusal;
    const { loginRefusal } = this.#circuit;
    return loginRefusal !== undefined && this.#options.generations.active?.holdsConnections === false ? loginRefusal : undefined;
  }

  /** Calls back with a connection as soon as there is one. */
  take(callback: ConnectCallback): void {
    const { active } = this.#options.generations;
    const { refusal } = this;
    if (refusal !== undefined) {
      // Not on the next tick: a caller that tries again at once would keep the event loop from everything else.
      setImmediate(callback, refusal, undefined, releaseNothing);
      return;
    }
    if (this.#queue.length === 0 && active !== undefined && this.#canServe(active)) this.#dispatch(active, callback);
    // Who waits for the first generation waits for its outcome, which names what is wrong and has a time limit of its own.
    else this.#queue.join(newWaiter(callback), active !== undefined);
  }

  /** Serves whoever can be served now. */
  pump(): void {
    while (this.#queue.length > 0) {
      const { active } = this.#options.generations;
      if (active === undefined || !this.#canServe(active)) break;
      this.#dispatch(active, this.#queue.next()!);
    }
    if (this.#circuit.exists) this.#seeThrough();
    if (this.#onQuiet !== undefined && this.#isQuiet) {
      const listeners = this.#onQuiet;
      this.#onQuiet = undefined;
      for (const listener of listeners) listener();
    }
  }

  /** Hands out nothing until the returned function is called, which may be called again. */
  hold(): () => void {
    return this.#permits.hold(() => this.pump());
  }

  /** Like `hold()`, while nobody's acquire time-out passes. */
  withhold(): () => void {
    return this.#permits.withhold(() => this.pump());
  }

  /** Closes one connection of the active generation and opens none for it, until the returned function is called. */
  giveWay(): () => void {
    const { active } = this.#options.generations;
    if (active !== undefined) this.#slotHandOver.make(active);
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
    if (this.#isQuiet) return Promise.resolve();
    return new Promise((resolve) => (this.#onQuiet = [...(this.#onQuiet ?? []), resolve]));
  }

  /** Takes a connection from a user who does not give it back. */
  takeAway(checkout: Checkout, reason: Error): void {
    this.#loans.takeAway(checkout, reason);
  }

  /** Tells those who wait that there is nothing to wait for. */
  rejectAll(error: Error): void {
    this.#queue.rejectAll(error);
    this.pump();
  }

  acquired(checkout: Checkout, asker: Asker): void {
    const isLate = !checkout.generation.isActive;
    if (isGone(asker) || isLate) {
      // It was opened for the generation before the flip: closed, not used, so that nothing new starts on old credentials.
      if (!isGone(asker)) this.#waitOn(asker);
      this.putBack(checkout);
      return;
    }
    this.#circuit.reached();
    if (checkout.uses === 1) this.#slotHandOver.overtake();
    this.#loans.lend(checkout, asker);
  }

  notAcquired(error: Error, asker: Asker, generation: Generation): void {
    this.#permits.giveBack();
    if (!isGone(asker)) this.#acquireFailed(generation, asker, error);
    this.pump();
  }

  nextFor({ generation, connection }: Checkout): Asker | undefined {
    const isHandedOn = this.#options.settings.handOff && !this.#permits.isHeld && !this.#slotHandOver.isOwed;
    if (!isHandedOn || this.#queue.length === 0 || !generation.isActive) return undefined;
    return generation.native.isUsable(connection) ? this.#queue.next() : undefined;
  }

  putBack(checkout: Checkout, reason?: Error | boolean): void {
    this.#permits.giveBack();
    const isKept = reason === undefined || reason === false;
    checkout.generation.giveBack(checkout, isKept && this.#slotHandOver.settle() ? true : reason);
    this.pump();
  }

  get #isQuiet(): boolean {
    return this.inUse === 0 && this.#queue.length === 0;
  }

  get #mayGrow(): boolean {
    return this.#options.generations.physicalCount < this.#options.maxConnections && !this.#slotHandOver.blocksGrowth;
  }

  #canServe(active: Generation): boolean {
    if (!this.#permits.hasFree) return false;
    return active.native.idleCount > 0 || (!this.#circuit.blocksGrowth && this.#mayGrow);
  }

  #timedOut(timeoutMs: number): Error {
    const { settings } = this.#options;
    const { outage, fullServer } = this.#circuit;
    if (outage !== undefined) return serverUnreachable(settings, outage, timeoutMs);
    return poolTimedOut(settings, { timeoutMs, inUse: this.inUse, refusal: fullServer });
  }

  #dispatch(generation: Generation, asker: Asker): void {
    this.#permits.take();
    generation.acquire(this, asker);
  }

  #acquireFailed(generation: Generation, asker: Asker, error: Error): void {
    const kind = this.#options.adapter.classify(error);
    const isOurs = this.#refusal === undefined && generation.isActive;
    if (isOurs && !this.#circuit.mayPass(kind)) {
      reject(asker, error);
      return;
    }
    this.#waitOn(asker);
    if (isOurs) this.#circuit.met(generation, kind, error);
  }

  /** A pool that has stopped serving meanwhile would never come back to it. */
  #waitOn(asker: Asker): void {
    if (this.#refusal === undefined) this.#queue.rejoin(typeof asker === 'function' ? newWaiter(asker) : asker);
    else reject(asker, this.#refusal);
  }

  /** Looks for the end of the outage where no caller does, and turns callers away who have nothing to wait for. */
  #seeThrough(): void {
    const { refusal } = this;
    if (refusal !== undefined && this.#queue.length > 0) this.rejectAll(refusal);
    const { active } = this.#options.generations;
    const isLeftToCallers = this.#queue.length > 0 && this.#circuit.loginRefusal === undefined;
    if (active === undefined || isLeftToCallers || !this.#mayGrow || this.#refusal !== undefined) return;
    this.#circuit.probe(active);
  }
}
