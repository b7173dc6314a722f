/**
 * Runs a step for one pair after another. A pair that comes while the step runs waits until it is over: one step inside another, a long
 * row of them would overflow the stack. Where nothing runs, which is the rule, the step runs at once and nothing is allocated.
 */
export class HandOff<A, B> {
  readonly #step: (a: A, b: B) => void;
  readonly #waiting: (readonly [A, B])[] = [];
  #isRunning = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(step: (a: A, b: B) => void) {
    this.#step = step;
  }

  /** @throws what the step threw first, once it has run for all that waited */
  run(a: A, b: B): void {
    if (this.#isRunning) {
      this.#waiting.push([a, b]);
      return;
    }
    this.#isRunning = true;
    this.#try(a, b);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#try(...next);
    this.#isRunning = false;
    if (this.#failure !== undefined) this.#throw(this.#failure.error);
  }

  #try(a: A, b: B): void {
    try {
      this.#step(a, b);
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  #throw(error: unknown): never {
    this.#failure = undefined;
    throw error;
  }
}
