export interface TimeSource {
  nowMs(): number;
  wallMs(): number;
}

/** Less is a correction of the clock, which does no harm. */
const leastJumpMs = 1_000;

/**
 * Notices that the wall clock has moved ahead of the monotonic one since it looked last: the machine was suspended, during which the
 * monotonic clock of Linux stands still, or somebody set the clock.
 */
export class WallClockWatch {
  readonly #time: TimeSource;
  #aheadMs: number;

  constructor(time: TimeSource) {
    this.#time = time;
    this.#aheadMs = this.#ahead();
  }

  /** @returns by how much it has moved ahead; 0 if by less than a second, or back */
  look(): number {
    const aheadMs = this.#ahead();
    const movedMs = aheadMs - this.#aheadMs;
    this.#aheadMs = aheadMs;
    return movedMs >= leastJumpMs ? movedMs : 0;
  }

  #ahead(): number {
    return this.#time.wallMs() - this.#time.nowMs();
  }
}
