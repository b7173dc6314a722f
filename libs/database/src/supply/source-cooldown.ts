const paceMs = 1_000;

/** Keeps anybody from asking a source again within a second of its failure. All times are on the monotonic clock. */
export class SourceCooldown {
  #failure: { readonly error: Error; readonly untilMs: number } | undefined;

  /** The source was asked in vain, until `nowMs`. */
  failed(error: Error, nowMs: number): void {
    this.#failure = { error, untilMs: nowMs + paceMs };
  }

  succeeded(): void {
    this.#failure = undefined;
  }

  /** The failure, for somebody who asks too soon after it. Undefined when the source may be asked. */
  refusal(nowMs: number): Error | undefined {
    return this.#failure !== undefined && nowMs < this.#failure.untilMs ? this.#failure.error : undefined;
  }

  /** From when the source may be asked; not later than `nowMs` if it may be now. */
  availableAtMs(nowMs: number): number {
    return Math.max(nowMs, this.#failure?.untilMs ?? nowMs);
  }
}
