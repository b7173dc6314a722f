import type { Draining } from '../../generations/prepared-generation.js';
import type { CredentialInUse } from '../../lifetime/credential-in-use.js';
import { retire, type RetirementContext } from './retirement.js';

/** The replaced credentials that are on their way out. */
export class Retirements {
  readonly #context: RetirementContext;
  readonly #running = new Set<Promise<void>>();

  constructor(context: RetirementContext) {
    this.#context = context;
  }

  get running(): ReadonlySet<Promise<void>> {
    return this.#running;
  }

  /** `held` have been replaced. @param drains end when nobody uses `held` any more */
  begin(held: CredentialInUse, drains: readonly Draining[]): void {
    const retirement = retire(held, drains, this.#context).finally(() => this.#running.delete(retirement));
    this.#running.add(retirement);
  }
}
