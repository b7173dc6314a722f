import type { Clock } from '@keyturn/vault';
import { abandonAt } from '../../support/abandon-at.js';
import { inTime } from '../../support/in-time.js';
import { stoppedBeforeItsEnd } from '../../errors/rotation-faults.js';

const graceMs = 500;

/** The moment after a shutdown for what is closed when the leases are revoked: TypeORM's data source. */
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

  /** The outcome of `work`, which has until the end of the moment; when that is over, a moment of its own. @throws RotationStoppedError */
  within<Value>(work: Promise<Value>): Promise<Value> {
    if (!this.over.aborted) return abandonAt(work, this.over);
    return inTime(work, { clock: this.#clock, timeoutMs: graceMs, expired: stoppedBeforeItsEnd });
  }
}
