import type { GiveBack, NativeConnection } from '../driver/native-pool.js';
import type { Checkout } from '../generations/generation.js';
import { callbackOf, type Asker } from './waiter.js';

/** Hears of each connection that changes hands. */
export interface CheckoutListener {
  /** A caller gets a connection. */
  acquired(connection: NativeConnection): void;
  /** A caller has given one back, or it was taken away; with the reason why it is not kept. */
  released(reason: Error | boolean | undefined, connection: NativeConnection): void;
}

/** Where connections go that callers have given back. */
export interface LoanDesk {
  readonly waiting: number;
  /** Who gets this connection at once; undefined: nobody, and it goes back to its native pool. */
  nextFor(checkout: Checkout): Asker | undefined;
  /** Back to the native pool; with a reason it is closed. */
  putBack(checkout: Checkout, reason?: Error | boolean): void;
}

/** The connections that callers have: how each of them is lent, comes back, passes on to the next caller, or is taken away. */
export class Loans {
  readonly #desk: LoanDesk;
  readonly #listener: CheckoutListener;
  #handOff: HandOff<Checkout> | undefined;

  constructor(desk: LoanDesk, listener: CheckoutListener) {
    this.#desk = desk;
    this.#listener = listener;
  }

  /** Calls the asker back with the connection and its release. */
  lend(checkout: Checkout, asker: Asker): void {
    const { connection } = checkout;
    const callback = callbackOf(asker);
    const release = this.#releaseOf(checkout);
    (connection as { release?: GiveBack }).release = release;
    this.#listener.acquired(connection);
    callback(undefined, connection, release);
  }

  /** Takes a connection from a user who does not give it back. */
  takeAway(checkout: Checkout, reason: Error): void {
    if (checkout.takenAway || !checkout.isInUse) return;
    checkout.takenAway = true;
    this.#listener.released(reason, checkout.connection);
    this.#desk.putBack(checkout, reason);
  }

  /** A function of its own: the release keeps what is known here for as long as the caller keeps the release. */
  #releaseOf(checkout: Checkout): GiveBack {
    let lent: Checkout | undefined = checkout;
    return (reason) => {
      if (lent === undefined) throw new Error('Release called on client which has already been released to the pool.');
      if (lent.takenAway) return;
      const released = lent;
      lent = undefined;
      this.#released(released, reason);
    };
  }

  #released(checkout: Checkout, reason: Error | boolean | undefined): void {
    this.#listener.released(reason, checkout.connection);
    if (this.#desk.waiting === 0 || (reason !== undefined && reason !== false)) return this.#desk.putBack(checkout, reason);
    this.#handOff ??= new HandOff((one) => this.#passOn(one));
    this.#handOff.run(checkout);
  }

  /** A connection released in a callback comes here when that callback is over. */
  #passOn(checkout: Checkout): void {
    if (checkout.takenAway) return;
    const next = this.#desk.nextFor(checkout);
    if (next === undefined) this.#desk.putBack(checkout);
    else this.lend(checkout, next);
  }
}

/**
 * Runs a step for one thing after another. What comes while the step runs waits until it is over: with one step inside another, a long
 * row of them would overflow the stack. Where nothing runs, which is the rule, the step runs at once and nothing is allocated.
 */
class HandOff<Thing> {
  readonly #step: (thing: Thing) => void;
  readonly #waiting: Thing[] = [];
  #isRunning = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(step: (thing: Thing) => void) {
    this.#step = step;
  }

  /** @throws what the step threw first, once it has run for all that waited */
  run(thing: Thing): void {
    if (this.#isRunning) {
      this.#waiting.push(thing);
      return;
    }
    this.#isRunning = true;
    this.#try(thing);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#try(next);
    this.#isRunning = false;
    if (this.#failure !== undefined) this.#throw(this.#failure.error);
  }

  #try(thing: Thing): void {
    try {
      this.#step(thing);
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  #throw(error: unknown): never {
    this.#failure = undefined;
    throw error;
  }
}
