/**
 * Runs a step for one thing after another. What comes while the step runs waits until it is over: with one step inside another, a long
 * row of them would overflow the stack. Where nothing runs, which is the rule, the step runs at once and nothing is allocated.
 */
export class HandOff<Thing> {
  readonly #step: (thing: Thing) => void;
  readonly #waiting: Thing[] = [];
  #isRunning = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(step: (thing: Thing) => void) {
    this.#step = step;
  }

  /** @throws what the step threw first, once it has run for all that waited */
  run(thing: Thing): void {
    if (this.#isRunning) {
      this.#waiting.push(thing);
      return;
    }
    this.#isRunning = true;
    this.#try(thing);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#try(next);
    this.#isRunning = false;
    if (this.#failure !== undefined) this.#throw(this.#failure.error);
  }

  #try(thing: Thing): void {
    try {
      this.#step(thing);
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  #throw(error: unknown): never {
    this.#failure = undefined;
    throw error;
  }
}
