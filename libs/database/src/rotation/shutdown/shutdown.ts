import type { Clock } from '@keyturn/vault';
import { rotationStopped } from '../../errors/rotation-faults.js';
import { pause } from '../../support/pause.js';
import { ShutdownGrace } from './shutdown-grace.js';
import { planShutdown, requireTimeout, type ShutdownPlan } from './shutdown-plan.js';
import { nextShutdownState, type ShutdownState } from './shutdown-state.js';

/**
 * The shutdown of a rotation: how far it is, and the signals that tell the other parts.
 *
 * The folder `shutdown/` decides how the time of a shutdown is divided, and what is not waited for any more. It does not close a pool
 * (`pool/`), and it does not revoke credentials (`retirement/`): `RotationController.stop()` does so, in
 * the order of the shutdown.
 */
export class Shutdown {
  readonly #clock: Clock;
  readonly #grace: ShutdownGrace;
  readonly #stopping = new AbortController();
  readonly #over = new AbortController();
  #state: ShutdownState = { kind: 'running' };

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#grace = new ShutdownGrace(clock);
  }

  get hasBegun(): boolean {
    return this.#state.kind !== 'running';
  }

  /** Aborts when no rotation may begin any more. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Aborts when nothing is waited for any more. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /**
   * The plan of the shutdown, which begins now unless it has begun before: then its own plan holds.
   * @param onPoolsDue called when the time for the users of the pools is over
   * @throws DatabaseConfigurationError for a time-out that is no number of milliseconds
   */
  begin(timeoutMs: number, onPoolsDue: () => void): ShutdownPlan {
    if (this.#state.kind !== 'running') return this.#state.plan;
    const plan = planShutdown(this.#clock.nowMs(), requireTimeout(timeoutMs));
    this.#state = nextShutdownState(this.#state, { type: 'begun', plan });
    this.#clock.setTimer(onPoolsDue, Math.max(0, plan.poolsUntilMs - this.#clock.nowMs()));
    return plan;
  }

  /** From now on no rotation begins. */
  close(): void {
    this.#state = nextShutdownState(this.#state, { type: 'closed' });
    this.#stopping.abort(rotationStopped());
  }

  /** From now on nothing is waited for, but for the moment that a data source has to close. */
  end(): void {
    this.#state = nextShutdownState(this.#state, { type: 'ended' });
    this.#over.abort(rotationStopped());
    this.#grace.begin();
  }

  /** Resolves when the time of a shutdown that has begun is over; at once when none has. */
  async overdue(): Promise<void> {
    if (this.#state.kind === 'running') return;
    await pause(this.#clock, Math.max(0, this.#state.plan.endMs - this.#clock.nowMs()), this.#grace.over);
  }

  /** The outcome of `work`, which has a moment after the end of the shutdown. @throws RotationStoppedError when that is over */
  within<Value>(work: Promise<Value>): Promise<Value> {
    return this.#grace.within(work);
  }
}
