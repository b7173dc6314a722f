import type { Clock } from '@keyturn/vault';
import type { DrainDeadline, DrainLimit } from '../lifetime/drain-deadline.js';
import type { Checkout, Generation } from './generation.js';
import { drainDeadlineExceeded } from './drain-deadline-exceeded.js';
import type { Draining } from './prepared-generation.js';

export interface DrainOptions {
  readonly clock: Clock;
  /** Called for a connection whose user has not let go although its socket is closed. */
  readonly takeAway: (checkout: Checkout, reason: Error) => void;
}

/** Lets the users of a retired generation finish, and closes the connections of those who have not by the deadline. */
export class Drain implements Draining {
  readonly done: Promise<{ readonly terminated: number }>;
  readonly #generation: Generation;
  readonly #options: DrainOptions;
  readonly #startedAtMs: number;
  #cancelTimer: (() => void) | undefined;

  constructor(generation: Generation, options: DrainOptions) {
    this.#generation = generation;
    this.#options = options;
    this.#startedAtMs = options.clock.nowMs();
    this.done = generation.ended.then(() => {
      this.#cancelTimer?.();
      const { state } = generation;
      return { terminated: state.kind === 'ended' ? state.terminated : 0 };
    });
  }

  setDeadline(deadline: DrainDeadline | undefined): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (deadline === undefined || this.#generation.state.kind !== 'draining') return;
    const { clock } = this.#options;
    this.#cancelTimer = clock.setTimer(() => void this.#terminate(deadline.limit), Math.max(0, deadline.atMs - clock.nowMs()));
  }

  async #terminate(limit: DrainLimit): Promise<void> {
    const left = this.#generation.checkouts;
    if (left.length === 0 || this.#generation.state.kind !== 'draining') return;
    const reason = drainDeadlineExceeded(limit, Math.round(this.#options.clock.nowMs() - this.#startedAtMs));
    this.#generation.step({ type: 'terminated', connections: left.length });
    await Promise.all(left.map((checkout) => this.#take(checkout, reason)));
  }

  async #take(checkout: Checkout, reason: Error): Promise<void> {
    await this.#generation.terminate(checkout, reason);
    this.#options.takeAway(checkout, reason);
  }
}
