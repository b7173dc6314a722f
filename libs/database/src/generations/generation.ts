import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { GiveBack, NativeAcquireCallback, NativeConnection, NativePool } from '../driver/native-pool.js';
import { nextGenerationState, type GenerationState, type GenerationStep } from './generation-state.js';

export interface GenerationOptions {
  readonly number: number;
  readonly credential: DatabaseCredential;
  readonly open: (generation: Generation) => NativePool;
}

/** A connection of a generation while somebody uses it. Each connection has one that is used again and again, to save an object a checkout. */
export interface Checkout {
  readonly generation: Generation;
  readonly connection: NativeConnection;
  /** Back to the native pool; the native pool makes another one for each checkout. */
  giveBack: GiveBack;
  isInUse: boolean;
  /** How often the connection has been checked out. */
  uses: number;
  /** Set when the pool took the connection away at the drain deadline: its user's release comes too late and does nothing. */
  takenAway: boolean;
}

/** Somebody who acquires connections. `ticket` is what he gave with the acquire that is answered. */
export interface Taker<Ticket> {
  acquired(checkout: Checkout, ticket: Ticket): void;
  notAcquired(error: Error, ticket: Ticket, generation: Generation): void;
}

/** An acquire under way. It is used again and again: the callback that the native pool wants would be another object for each checkout. */
interface Acquisition {
  taker: Taker<unknown> | undefined;
  ticket: unknown;
  readonly callback: NativeAcquireCallback;
}

/**
 * One credential, one native pool, and the connections of it that are in use.
 *
 * The folder `generations/` decides how a generation lives: when it has proved itself, how many connections are opened ahead, when it
 * closes a connection instead of keeping it, and when it has ended. It does not decide when credentials are replaced (`rotation/`), nor
 * which caller gets a connection (`queue/`).
 */
export class Generation {
  readonly number: number;
  readonly credential: DatabaseCredential;
  readonly native: NativePool;
  /** Resolves when the last connection is given back and the native pool has ended. */
  readonly ended: Promise<void>;
  readonly #checkouts = new Map<NativeConnection, Checkout>();
  readonly #spare: Acquisition[] = [];
  #state: GenerationState = { kind: 'warming' };
  #inUse = 0;
  #acquiring = 0;
  #ending = false;
  #onEmpty: (() => void) | undefined;
  #resolveEnded!: () => void;

  constructor(options: GenerationOptions) {
    this.number = options.number;
    this.credential = options.credential;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.native = options.open(this);
  }

  get state(): GenerationState {
    return this.#state;
  }

  get isActive(): boolean {
    return this.#state.kind === 'active';
  }

  /** Whether its native pool takes no new connection any more. */
  get isLeaving(): boolean {
    return this.#state.kind !== 'active' && this.#state.kind !== 'warming';
  }

  /** Connections in use. */
  get inUse(): number {
    return this.#inUse;
  }

  /** Those in use. */
  get checkouts(): readonly Checkout[] {
    return [...this.#checkouts.values()].filter(({ isInUse }) => isInUse);
  }

  /** Whether it has connections that work, with users or without. */
  get holdsConnections(): boolean {
    return this.#inUse > 0 || this.native.idleCount > 0;
  }

  /** Tells `taker` once, with `ticket`, whether there is a connection for it. */
  acquire<Ticket>(taker: Taker<Ticket>, ticket: Ticket): void {
    this.#acquiring += 1;
    const acquisition = this.#spare.pop() ?? this.#newAcquisition();
    acquisition.taker = taker;
    acquisition.ticket = ticket;
    this.native.acquire(acquisition.callback);
  }

  /** Puts a connection back; a generation on its way out closes it. */
  giveBack(checkout: Checkout, reason?: Error | boolean): void {
    if (!checkout.isInUse) return;
    const closing = reason ?? (this.isLeaving ? true : undefined);
    checkout.isInUse = false;
    this.#inUse -= 1;
    if (closing) this.#checkouts.delete(checkout.connection);
    checkout.giveBack(closing);
    if (this.#inUse === 0) this.#onEmpty?.();
    this.#endWhenIdle();
  }

  /** The native pool has closed a connection. */
  forget(connection: NativeConnection): void {
    if (this.#checkouts.get(connection)?.isInUse === false) this.#checkouts.delete(connection);
  }

  step(step: GenerationStep): void {
    this.#state = nextGenerationState(this.#state, step);
    this.#endWhenIdle();
  }

  /** Closes a connection whose user gets `reason`. Never rejects. */
  async terminate({ connection }: Checkout, reason: Error): Promise<void> {
    try {
      await this.native.terminate(connection, reason);
    } catch {
      // The driver's trouble: the connection is taken from its user all the same.
    }
  }

  #newAcquisition(): Acquisition {
    const acquisition: Acquisition = {
      taker: undefined,
      ticket: undefined,
      callback: (error, connection, giveBack) => {
        const { taker, ticket } = acquisition;
        const known = connection === undefined ? undefined : this.#checkouts.get(connection);
        // A second answer to an acquire: somebody has the connection already, or nobody waits for one.
        if (known?.isInUse === true) return;
        if (taker === undefined) return giveBack?.(true);
        acquisition.taker = undefined;
        acquisition.ticket = undefined;
        // Not after an error: pg may find out later that it has a connection, or a second error, which is no answer to the next acquire.
        if (connection !== undefined) this.#spare.push(acquisition);
        this.#acquiring -= 1;
        if (connection !== undefined && giveBack !== undefined) taker.acquired(this.#checkOut(known, connection, giveBack), ticket);
        else taker.notAcquired(error ?? new Error('The database driver returned neither a connection nor an error.'), ticket, this);
        this.#endWhenIdle();
      },
    };
    return acquisition;
  }

  #checkOut(known: Checkout | undefined, connection: NativeConnection, giveBack: GiveBack): Checkout {
    this.#inUse += 1;
    if (known === undefined) {
      const checkout: Checkout = { generation: this, connection, giveBack, isInUse: true, uses: 1, takenAway: false };
      this.#checkouts.set(connection, checkout);
      return checkout;
    }
    known.giveBack = giveBack;
    known.isInUse = true;
    known.uses += 1;
    return known;
  }

  /**
   * pg-pool hands an idle client over on the next tick. An `end()` in between loses the callback, so that it waits until nothing is being
   * acquired. Connections in use are closed as they come back.
   */
  #endWhenIdle(): void {
    if (!this.isLeaving || this.#ending || this.#acquiring > 0) return;
    this.#ending = true;
    void this.#end();
  }

  async #end(): Promise<void> {
    try {
      await this.native.end();
    } catch {
      // The driver's trouble: nobody gets a connection any more, and the credentials are revoked when those who have one are done.
      if (this.#inUse > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve));
    }
    if (this.#state.kind === 'draining') this.#state = nextGenerationState(this.#state, { type: 'emptied' });
    this.#resolveEnded();
  }
}
