import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { Generation } from '../generations/generation.js';
import type { Clock } from '@keyturn/vault';

/** A lost role is replaced within it, also on a busy machine. Most denials are the application's own, and then its connections work. */
const longestHoldMs = 1_000;

export interface LostRoleWatchOptions {
  readonly adapter: DriverAdapter;
  readonly clock: Clock;
  /** Hands out nothing until the returned function is called. */
  readonly hold: () => () => void;
  /** Resolves when it is known whether the role of the credentials is gone, and when it has been replaced if so. */
  readonly onSuspected: (generation: Generation) => Promise<void>;
}

/** Hears of each statement that a server refuses. While the role may be gone, nobody gets a connection, but for one second at most. */
export class LostRoleWatch {
  readonly #options: LostRoleWatchOptions;
  #isSuspected = false;

  constructor(options: LostRoleWatchOptions) {
    this.#options = options;
  }

  statementRefused(generation: Generation, sqlState: string): void {
    const { adapter, clock, hold, onSuspected } = this.#options;
    if (this.#isSuspected || !generation.isActive || !adapter.suggestsLostRole(sqlState)) return;
    this.#isSuspected = true;
    const resume = hold();
    const cancelResume = clock.setTimer(resume, longestHoldMs);
    void onSuspected(generation).finally(() => {
      this.#isSuspected = false;
      cancelResume();
      resume();
    });
  }
}
