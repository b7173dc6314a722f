export interface TimeSource {
  nowMs(): number;
  wallMs(): number;
}

/** Less is a correction of the clock, which does no harm. */
const leastJumpMs = 1_000;
/** Two services that set the clock in turn, as a host and its guest do, must not look like one suspend after another. */
const settledMs = 10_000;

/**
 * Notices that the wall clock has moved ahead of the monotonic one further than ever: the machine was suspended, during which the
 * monotonic clock of Linux stands still, or somebody set the clock. A clock that was set back counts from there once it has kept to that.
 */
export class WallClockWatch {
  readonly #time: TimeSource;
  #aheadMs: number;
  #lookedAtWallMs: number;
  /** Since when it is behind; undefined while it is not. */
  #behindSinceMs: number | undefined;

  constructor(time: TimeSource) {
    this.#time = time;
    this.#lookedAtWallMs = time.wallMs();
    this.#aheadMs = this.#lookedAtWallMs - time.nowMs();
  }

  /** @returns by how much it has moved ahead; 0 if by less than a second, or back */
  look(): number {
    const wallMs = this.#time.wallMs();
    const passedMs = wallMs - this.#lookedAtWallMs;
    // Whatever the other clock did. Each checkout of a connection looks: it reads one clock only.
    if (passedMs >= 0 && passedMs < leastJumpMs) return 0;
    this.#lookedAtWallMs = wallMs;
    const nowMs = this.#time.nowMs();
    const movedMs = wallMs - nowMs - this.#aheadMs;
    if (movedMs >= 0) this.#moveTo(wallMs - nowMs);
    else if (this.#behindSinceMs === undefined) this.#behindSinceMs = nowMs;
    else if (nowMs - this.#behindSinceMs >= settledMs) this.#moveTo(wallMs - nowMs);
    return movedMs >= leastJumpMs ? movedMs : 0;
  }

  #moveTo(aheadMs: number): void {
    this.#aheadMs = aheadMs;
    this.#behindSinceMs = undefined;
  }
}
