import type { DatabaseCredential } from '../credentials/database-credential.js';

/** Without another refusal for this long, nobody knows how the password stands now. */
const memoryMs = 10_000;

/**
 * A static role's password that the database has refused although it is the latest one: for how long. The first refusals may come from a
 * replica that lags; later ones mean that somebody has changed the password. All times on the monotonic clock.
 */
export class RefusedPassword {
  #credential: DatabaseCredential | undefined;
  #sinceMs = 0;
  #lastMs = 0;
  #isAccepted = false;

  /** Whether, at the last refusal, another pool accepted it. */
  get isAccepted(): boolean {
    return this.#isAccepted;
  }

  /** The database refused `credential` at `nowMs`. @param isAccepted whether another pool accepted it */
  refused(credential: DatabaseCredential, nowMs: number, isAccepted = false): void {
    if (this.#credential?.equals(credential) !== true || nowMs - this.#lastMs > memoryMs) {
      this.#credential = credential;
      this.#sinceMs = nowMs;
    }
    this.#lastMs = nowMs;
    this.#isAccepted = isAccepted;
  }

  /** A repair was tried: whatever is refused from now on is another case. */
  forget(): void {
    this.#credential = undefined;
  }

  /** How long `credential` has been refused, in milliseconds; 0 if it is not known to be. */
  durationMs(credential: DatabaseCredential, nowMs: number): number {
    const isKnown = this.#credential?.equals(credential) === true && nowMs - this.#lastMs <= memoryMs;
    return isKnown ? nowMs - this.#sinceMs : 0;
  }
}
