/** A rotation was faster than an earlier one: this share of the earlier lead is still believed. */
const memoryShare = 0.5;

/**
 * How long the last credentials took from the request to their proof in every pool, in milliseconds: a replica, a directory or a pooler may
 * accept them late. The rotation asks for the next ones so much earlier.
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
