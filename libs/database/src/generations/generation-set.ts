import type { Generation } from './generation.js';

/** Shared by all pools that have no other: most of the time, all of them. */
const none: readonly Generation[] = [];

/** The generations of one pool: at most one active, any number warming or draining. */
export class GenerationSet {
  #others: readonly Generation[] = none;
  #active: Generation | undefined;

  get active(): Generation | undefined {
    return this.#active;
  }

  get draining(): readonly Generation[] {
    return this.#others.filter((generation) => generation.state.kind === 'draining');
  }

  /** Those that no caller uses yet. */
  get warming(): readonly Generation[] {
    return this.#others.filter((generation) => generation.state.kind === 'warming');
  }

  /** Sockets over all generations. */
  get physicalCount(): number {
    let count = this.#active?.native.physicalCount ?? 0;
    for (const generation of this.#others) count += generation.native.physicalCount;
    return count;
  }

  /** Connections in use, over all generations, that are too old to be kept. */
  get expiredCount(): number {
    let count = this.#active?.native.expiredCount ?? 0;
    for (const generation of this.#others) count += generation.native.expiredCount;
    return count;
  }

  add(generation: Generation): void {
    this.#others = [...this.#others, generation];
    void generation.ended.then(() => this.#leave(generation));
  }

  /** Makes a warm generation the active one. @returns the one before, now draining */
  activate(generation: Generation): Generation | undefined {
    const before = this.retire();
    this.#leave(generation);
    generation.step({ type: 'activated' });
    this.#active = generation;
    return before;
  }

  /** Leaves no generation active. @returns the one that was, now draining */
  retire(): Generation | undefined {
    const before = this.#active;
    this.#active = undefined;
    if (before !== undefined) {
      this.#others = [...this.#others, before];
      before.step({ type: 'retired' });
    }
    return before;
  }

  /** Resolves when every generation has closed its last connection. */
  async allEnded(): Promise<void> {
    await Promise.all(this.#others.map((generation) => generation.ended));
  }

  #leave(generation: Generation): void {
    const others = this.#others.filter((other) => other !== generation);
    this.#others = others.length === 0 ? none : others;
  }
}
