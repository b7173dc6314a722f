/** Counts credentials that were issued in vain. A database that refuses every new role must not be given hundreds of them. */
export class MintBudget {
  readonly #limit: number;
  readonly #windowMs: number;
  #failedAtMs: readonly number[] = [];

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** Credentials were issued at `nowMs` and did not work. */
  spend(nowMs: number): void {
    this.#failedAtMs = [...this.#recent(nowMs), nowMs];
  }

  /** From when the next credentials may be issued; not later than `nowMs` while there is budget. */
  availableAtMs(nowMs: number): number {
    const recent = this.#recent(nowMs);
    const blocking = recent.at(-this.#limit);
    return blocking === undefined ? nowMs : blocking + this.#windowMs;
  }

  #recent(nowMs: number): readonly number[] {
    return this.#failedAtMs.filter((failedAtMs) => nowMs - failedAtMs < this.#windowMs);
  }
}
