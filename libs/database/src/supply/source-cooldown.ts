const paceMs = 1_000;

/** Keeps a source that has just failed from being asked again within a second, whoever asks. All times on the monotonic clock. */
export class SourceCooldown {
  #failure: { readonly error: Error; readonly untilMs: number } | undefined;

  /** The source was asked in vain, until `nowMs`. */
  failed(error: Error, nowMs: number): void {
    this.#failure = { error, untilMs: nowMs + paceMs };
  }

  succeeded(): void {
    this.#failure = undefined;
  }

  /** What to tell somebody who asks too soon after a failure: that failure. */
  refusal(nowMs: number): Error | undefined {
    return this.#failure !== undefined && nowMs < this.#failure.untilMs ? this.#failure.error : undefined;
  }

  /** From when the source may be asked; not later than `nowMs` if it may be now. */
  availableAtMs(nowMs: number): number {
    return Math.max(nowMs, this.#failure?.untilMs ?? nowMs);
  }
}
