/** Time as the rest of the package sees it; a test injects its own. */
export abstract class Clock {
  /** Milliseconds on the monotonic clock. Deadlines are counted on it: a change of the wall clock moves none of them. */
  abstract nowMs(): number;
  /** Milliseconds since the Unix epoch, for what people read. */
  abstract wallMs(): number;
  /**
   * Calls `callback` once, `delayMs` from now. Any length is kept: Vault's default TTL of 768 h is longer than a
   * plain `setTimeout` can wait (2^31 - 1 ms), which would fire at once.
   * @param name what the timer is for, such as `vault:leases`: scheduled jobs are listed by it
   * @returns cancels the timer
   */
  abstract setTimer(callback: () => void, delayMs: number, name?: string): () => void;
}
