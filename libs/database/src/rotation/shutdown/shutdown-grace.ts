import type { Clock } from '@keyturn/vault';
import { abandonable, withinTime } from '@keyturn/vault/time';
import { stoppedBeforeItsEnd } from '../../errors/rotation-faults.js';

const graceMs = 500;

/** A moment after the end of a shutdown. TypeORM's data source is closed then, after the leases are revoked. */
export class ShutdownGrace {
  readonly #clock: Clock;
  readonly #over = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get over(): AbortSignal {
    return this.#over.signal;
  }

  begin(): void {
    this.#clock.setTimer(() => this.#over.abort(stoppedBeforeItsEnd()), graceMs);
  }

  /**
   * The outcome of `work`, which has time until the moment is over. Work that begins later has a moment of its own.
   * @throws RotationStoppedError when the time is over
   */
  within<Value>(work: Promise<Value>): Promise<Value> {
    if (!this.over.aborted) return abandonable(work, this.over);
    return withinTime(work, { clock: this.#clock, timeoutMs: graceMs, expired: stoppedBeforeItsEnd });
  }
}
