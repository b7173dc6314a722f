const burst = 5;
const refillMs = 1_000;

/** Paces log-ins that look for a lost role: five at once, and one more for each second that passes. All times are on the monotonic clock. */
export class ProbeRateLimit {
  #nextAtMs = Number.NEGATIVE_INFINITY;

  /** When the next log-in is due; not later than `nowMs` if it may be made now. */
  dueAtMs(nowMs: number): number {
    return Math.max(nowMs, this.#nextAtMs - (burst - 1) * refillMs);
  }

  /** A log-in is made at `nowMs`. */
  spend(nowMs: number): void {
    this.#nextAtMs = Math.max(nowMs, this.#nextAtMs) + refillMs;
  }
}
