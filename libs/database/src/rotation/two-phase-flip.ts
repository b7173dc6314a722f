import type { Draining, NumberedCredential, PreparedGeneration, PrepareOptions, RotatablePool } from '../pool/rotatable-pool.js';

/** The first phase of a rotation: a generation of the new credentials in every pool, proved and waiting. */
export class TwoPhaseFlip {
  readonly #numbered: NumberedCredential;
  readonly #options: PrepareOptions;
  readonly #prepared = new Map<RotatablePool, PreparedGeneration>();

  constructor(numbered: NumberedCredential, options: PrepareOptions) {
    this.#numbered = numbered;
    this.#options = options;
  }

  /**
   * Prepares all of `pools`, and those that join meanwhile. When one fails, none flips.
   * @throws the first failure, after every generation that was prepared is closed
   */
  async prepare(pools: ReadonlySet<RotatablePool>): Promise<void> {
    for (;;) {
      const missing = [...pools].filter((pool) => !this.#prepared.has(pool));
      if (missing.length === 0) return;
      const results = await Promise.allSettled(missing.map((pool) => this.#prepareOne(pool)));
      // A pool that was closed meanwhile is no reason to keep the others on the old credentials.
      const failure = results.find((result, index) => result.status === 'rejected' && pools.has(missing[index]!));
      if (failure?.status !== 'rejected') continue;
      this.abort();
      throw failure.reason;
    }
  }

  /** The second phase: one synchronous pass, after which every new checkout of every pool uses the new credentials. */
  commit(drainDeadlineMs: number | undefined): readonly Draining[] {
    return [...this.#prepared.values()].map((prepared) => prepared.commit(drainDeadlineMs));
  }

  abort(): void {
    for (const prepared of this.#prepared.values()) prepared.abort();
    this.#prepared.clear();
  }

  async #prepareOne(pool: RotatablePool): Promise<void> {
    this.#prepared.set(pool, await pool.prepare(this.#numbered, this.#options));
  }
}
