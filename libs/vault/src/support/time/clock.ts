/** Time as the rest of the package sees it; a test injects its own. */
export abstract class Clock {
  /** Milliseconds on the monotonic clock. Deadlines are counted on it: a change of the wall clock moves none of them. */
  abstract nowMs(): number;
  /** Milliseconds since the Unix epoch, for what people read. */
  abstract wallMs(): number;
  /**
   * Calls `callback` once, `delayMs` from now or later, by `nowMs()`: a plain `setTimeout` may fire a millisecond early, and what then looks
   * at the clock finds that it is not yet due. An implementation refuses what is no delay with `checkedDelayMs()`. Any length is kept:
   * Vault's default TTL of 768 h is longer than a plain `setTimeout` can wait (2^31 - 1 ms), which would fire at once.
   * @param name what the timer is for, such as `vault:leases`: scheduled jobs are listed by it
   * @returns cancels the timer
   */
  abstract setTimer(callback: () => void, delayMs: number, name?: string): () => void;

  /**
   * Calls `listener` when the wall clock has moved ahead of the monotonic one by a second or more, with how far, in milliseconds: the
   * machine was suspended while lives went on, or somebody set the clock. Lives are verified then, not declared over.
   * A clock of your own need not know of this: by default nobody is called.
   * @returns removes the listener
   */
  onWallJump(_listener: (aheadMs: number) => void): () => void {
    return () => undefined;
  }

  /** Looks now whether the wall clock has moved ahead, for somebody who cannot wait for the next look. By default nothing. */
  lookForWallJump(): void {}
}
