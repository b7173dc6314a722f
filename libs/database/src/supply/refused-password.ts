import type { DatabaseCredential } from '../credentials/database-credential.js';

/** Without another refusal for this long, nobody knows how the password stands now. */
const memoryMs = 10_000;

/** The refusals of one password, from `sinceMs` to `lastMs`. */
interface Refusals {
  readonly credential: DatabaseCredential;
  readonly sinceMs: number;
  readonly lastMs: number;
  readonly isAccepted: boolean;
}

/**
 * A static role's password that the database has refused although it is the latest one: for how long. The first refusals may come from a
 * replica that lags. Later ones mean that somebody has changed the password. All times are on the monotonic clock.
 */
export class RefusedPassword {
  #refusals: Refusals | undefined;

  /** Whether, at the last refusal, another pool accepted the password. */
  get isAccepted(): boolean {
    return this.#refusals?.isAccepted ?? false;
  }

  /** The database refused `credential` at `nowMs`. @param isAccepted whether another pool accepted it */
  refused(credential: DatabaseCredential, nowMs: number, isAccepted = false): void {
    this.#refusals = { credential, sinceMs: this.#sinceMs(credential, nowMs) ?? nowMs, lastMs: nowMs, isAccepted };
  }

  /** A repair was tried: whatever is refused from now on is another case. */
  forget(): void {
    this.#refusals = undefined;
  }

  /** How long `credential` has been refused, in milliseconds; 0 if it is not known to be. */
  durationMs(credential: DatabaseCredential, nowMs: number): number {
    return nowMs - (this.#sinceMs(credential, nowMs) ?? nowMs);
  }

  #sinceMs(credential: DatabaseCredential, nowMs: number): number | undefined {
    const known = this.#refusals;
    return known?.credential.equals(credential) === true && nowMs - known.lastMs <= memoryMs ? known.sinceMs : undefined;
  }
}
