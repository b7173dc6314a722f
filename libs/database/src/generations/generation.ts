import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { NativeConnection, NativePool } from '../driver/native-pool.js';
import type { Checkout } from './checkout.js';
import { nextGenerationState, type GenerationState, type GenerationStep } from './generation-state.js';

export interface GenerationOptions {
  readonly number: number;
  readonly credential: DatabaseCredential;
  readonly open: (generation: Generation) => NativePool;
}

/** One credential, one native pool, and the connections of it that are in use. */
export class Generation {
  readonly number: number;
  readonly credential: DatabaseCredential;
  readonly native: NativePool;
  readonly checkouts = new Set<Checkout>();
  /** Resolves when the last connection is given back and the native pool has ended. */
  readonly ended: Promise<void>;
  #state: GenerationState = { kind: 'warming' };
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

  /** Whether it has connections that work, with users or without. */
  get holdsConnections(): boolean {
    return this.checkouts.size > 0 || this.native.idleCount > 0;
  }

  acquire(callback: (error: Error | undefined, checkout?: Checkout) => void): void {
    this.#acquiring += 1;
    this.native.acquire((error, connection, giveBack) => {
      this.#acquiring -= 1;
      if (connection === undefined || giveBack === undefined) {
        callback(error ?? new Error('The database driver returned neither a connection nor an error.'));
      } else {
        callback(undefined, this.#checkOut(connection, giveBack));
      }
      this.#endWhenIdle();
    });
  }

  /** Puts a connection back; a generation on its way out closes it. */
  giveBack(checkout: Checkout, reason?: Error | boolean): void {
    if (!this.checkouts.delete(checkout)) return;
    checkout.giveBack(reason ?? (this.isLeaving ? true : undefined));
    if (this.checkouts.size === 0) this.#onEmpty?.();
    this.#endWhenIdle();
  }

  step(step: GenerationStep): void {
    this.#state = nextGenerationState(this.#state, step);
    this.#endWhenIdle();
  }

  #checkOut(connection: NativeConnection, giveBack: Checkout['giveBack']): Checkout {
    const checkout: Checkout = { connection, giveBack, takenAway: false };
    this.checkouts.add(checkout);
    return checkout;
  }

  /**
   * pg-pool hands an idle client over on the next tick, and `end()` in between loses the callback: so it waits until nothing is being
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
      if (this.checkouts.size > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve));
    }
    if (this.#state.kind === 'draining') this.#state = nextGenerationState(this.#state, { type: 'emptied' });
    this.#resolveEnded();
  }

  /** Closes a connection whose user gets `reason`. Never rejects. */
  async terminate({ connection }: Checkout, reason: Error): Promise<void> {
    try {
      await this.native.terminate(connection, reason);
    } catch {
      // The driver's trouble: the connection is taken from its user all the same.
    }
  }
}
