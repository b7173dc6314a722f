import type { Generation } from './generation.js';

/** The generations of one pool: at most one active, any number warming or draining. */
export class GenerationSet {
  readonly #others = new Set<Generation>();
  #active: Generation | undefined;

  get active(): Generation | undefined {
    return this.#active;
  }

  get draining(): readonly Generation[] {
    return [...this.#others].filter((generation) => generation.state.kind === 'draining');
  }

  /** Those that no caller uses yet. */
  get warming(): readonly Generation[] {
    return [...this.#others].filter((generation) => generation.state.kind === 'warming');
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
    this.#others.add(generation);
    void generation.ended.then(() => this.#others.delete(generation));
  }

  /** Makes a warm generation the active one. @returns the one before, now draining */
  activate(generation: Generation): Generation | undefined {
    const before = this.retire();
    this.#others.delete(generation);
    generation.step({ type: 'activated' });
    this.#active = generation;
    return before;
  }

  /** Leaves no generation active. @returns the one that was, now draining */
  retire(): Generation | undefined {
    const before = this.#active;
    this.#active = undefined;
    if (before !== undefined) {
      this.#others.add(before);
      before.step({ type: 'retired' });
    }
    return before;
  }

  /** Resolves when every generation has closed its last connection. */
  async allEnded(): Promise<void> {
    await Promise.all([...this.#others].map((generation) => generation.ended));
  }
}
