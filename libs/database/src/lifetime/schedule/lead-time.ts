/** Of an earlier lead that is longer, so much is still believed after a rotation that was faster. */
const memoryShare = 0.5;

/**
 * How long the last credentials took from the request to their proof in every pool: a replica, a directory or a pooler may accept them late.
 * The next ones have to be asked for so much earlier. Milliseconds.
 */
export class LeadTime {
  #ms = 0;

  get ms(): number {
    return this.#ms;
  }

  /** A rotation took `ms`. */
  rotated(ms: number): void {
    this.#ms = Math.max(ms, this.#ms * memoryShare);
  }

  /** A pool could start with new credentials after `ms`. */
  started(ms: number): void {
    this.#ms = Math.max(ms, this.#ms);
  }
}
