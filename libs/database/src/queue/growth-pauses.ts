import type { Clock } from '@keyturn/vault';
import { sleep } from '../support/sleep.js';

/** Times in which the pool opens no connection. They may overlap: it opens one again when all of them are over. */
export class GrowthPauses {
  readonly #clock: Clock;
  readonly #onOver: () => void;
  #running = 0;
  #stop: AbortController | undefined;

  /** @param onOver called at the end of each pause */
  constructor(clock: Clock, onOver: () => void) {
    this.#clock = clock;
    this.#onOver = onOver;
  }

  get areRunning(): boolean {
    return this.#running > 0;
  }

  /** Pauses until `work` is settled, however it ends. */
  async during(work: Promise<void>): Promise<void> {
    this.#running += 1;
    await work.catch(() => undefined);
    this.#running -= 1;
    this.#onOver();
  }

  async forMs(pauseMs: number): Promise<void> {
    await this.during(sleep(this.#clock, pauseMs, this.#stopping.signal));
  }

  /** Ends the pauses of a fixed time, and those to come. */
  stop(error: Error): void {
    this.#stopping.abort(error);
  }

  /** Made when it is needed: most pools never pause. */
  get #stopping(): AbortController {
    return (this.#stop ??= new AbortController());
  }
}
