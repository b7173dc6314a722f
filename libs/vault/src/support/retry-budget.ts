export interface RetryBudgetOptions {
  /** Repetitions that each first try earns, such as 0.2: at most one repetition for five calls in the long run. */
  readonly ratio: number;
  /** Repetitions that can be saved up, also what a quiet client may spend at once. */
  readonly reserve: number;
}

/** Limits repetitions to a share of the traffic, so that an outage is not met with a multiple of it. */
export class RetryBudget {
  readonly #options: RetryBudgetOptions;
  #saved: number;

  constructor(options: RetryBudgetOptions) {
    this.#options = options;
    this.#saved = options.reserve;
  }

  /** Counts a first try. */
  earn(): void {
    this.#saved = Math.min(this.#options.reserve, this.#saved + this.#options.ratio);
  }

  /** @returns whether a repetition may be made; if so, it is counted */
  spend(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
