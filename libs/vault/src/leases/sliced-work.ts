import type { Clock } from '../support/time/clock.js';

export interface SlicedWorkOptions {
  readonly clock: Clock;
  /** What the timer is for. */
  readonly name: string;
  /** Does one piece of what is due at `nowMs`, when no chore is left. @returns whether there was one */
  readonly takeStep: (nowMs: number) => boolean;
  /** Called once for all pieces of a slice. */
  readonly onSliceEnd: () => void;
  /** When there is something to do; `Infinity` for never. */
  readonly nextAtMs: () => number;
}

/** A slice ends after so long, or so many steps; what is left waits for the next turn of the event loop. */
const sliceMs = 4;
const sliceSteps = 200;

/**
 * Work on many things, done in slices so that requests are served in between. One timer serves all of it, and is set once for a slice,
 * however much the slice has changed.
 */
export class SlicedWork {
  readonly #options: SlicedWorkOptions;
  /** Work on many things that was begun: each step is for one of them. */
  readonly #chores: Iterator<void>[] = [];
  #cancelTimer: () => void = () => undefined;
  #armedAtMs = Number.POSITIVE_INFINITY;
  #isWorking = false;
  #isStopped = false;

  constructor(options: SlicedWorkOptions) {
    this.#options = options;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Begins work on many things; each step of `chore` is for one of them. */
  begin(chore: Iterator<void>): void {
    this.#chores.push(chore);
    this.run();
  }

  /** Does what is due, or a part of it. */
  run(): void {
    if (this.#isWorking || this.#isStopped) return;
    this.#isWorking = true;
    const { clock, onSliceEnd } = this.#options;
    const untilMs = clock.nowMs() + sliceMs;
    let isDone = false;
    for (let step = 0; !isDone && step < sliceSteps; step += 1) {
      const nowMs = clock.nowMs();
      if (nowMs > untilMs) break;
      isDone = !this.#takeStep(nowMs);
    }
    onSliceEnd();
    this.#isWorking = false;
    if (isDone) this.arm();
    else this.#setTimer(clock.nowMs());
  }

  /** The timer that is set may be early, never late: moving it for each of many changes would cost more than looking once in vain. */
  arm(): void {
    if (this.#isStopped || this.#isWorking) return;
    const atMs = this.#options.nextAtMs();
    if (atMs >= this.#armedAtMs && atMs !== Number.POSITIVE_INFINITY) return;
    this.#setTimer(atMs);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer();
  }

  #takeStep(nowMs: number): boolean {
    const [chore] = this.#chores;
    if (chore === undefined) return this.#options.takeStep(nowMs);
    if (chore.next().done === true) this.#chores.shift();
    return true;
  }

  #setTimer(atMs: number): void {
    this.#cancelTimer();
    // A listener may have stopped it.
    if (this.#isStopped) return;
    this.#armedAtMs = atMs;
    if (atMs === Number.POSITIVE_INFINITY) return;
    const { clock, name } = this.#options;
    this.#cancelTimer = clock.setTimer(() => this.#wake(), Math.max(0, atMs - clock.nowMs()), name);
  }

  #wake(): void {
    this.#armedAtMs = Number.POSITIVE_INFINITY;
    this.run();
  }
}
