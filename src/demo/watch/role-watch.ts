import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 100;

/** Looks at the Vault-issued roles that live in PostgreSQL and remembers the most there ever were at a time. */
export class RoleWatch {
  readonly #look: () => Promise<readonly string[]>;
  #roles: readonly string[] = [];
  #most = 0;

  constructor(look: () => Promise<readonly string[]>) {
    this.#look = look;
  }

  /** As last seen. */
  get roles(): readonly string[] {
    return this.#roles;
  }

  get most(): number {
    return this.#most;
  }

  /** Looks now. */
  async refresh(): Promise<readonly string[]> {
    this.#roles = await this.#look();
    this.#most = Math.max(this.#most, this.#roles.length);
    return this.#roles;
  }

  /** Looks until there are `most` of them or fewer, the time is over or the signal says so; returns how many there were then. */
  async settle(most: number, { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal }): Promise<number> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const { length } = await this.refresh();
      if (length <= most || performance.now() >= deadlineMs || signal?.aborted) return length;
      await sleep(PAUSE_MS);
    }
  }
}
