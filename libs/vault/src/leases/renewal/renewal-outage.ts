import type { VaultError } from '../../errors/vault-error.js';
import { backoffMs } from '../../support/time/backoff.js';
import { leasePaceMs, leaseRetryAtMs } from '../tracked/renewal-schedule.js';

/** Short, so that leases are renewed within seconds of Vault's return. */
const retryBackoff = { initialMs: 1_000, maxMs: 4_000, jitter: 0.25 };
/** A page in front of Vault may ask for an hour; Vault's own answers ask for seconds. */
const longestRetryAfterMs = 30_000;

export interface FailedTry {
  readonly error: VaultError;
  readonly nowMs: number;
  /** A number in [0, 1). */
  readonly random: number;
  /** The first end among those who wait: a second before it comes the last try. */
  readonly soonestEndMs: number;
}

/** What keeps many renewals from succeeding: one of them at a time finds out whether it is over, and the others wait for that. */
export class RenewalOutage {
  /** Whose renewals wait; undefined: all. */
  readonly name: string | undefined;
  readonly sinceMs: number;
  #failures = 0;
  #triedAtMs = 0;
  #pausedUntilMs = 0;
  #askedUntilMs = 0;
  #isProbing = false;

  constructor(name: string | undefined, first: FailedTry) {
    this.name = name;
    this.sinceMs = first.nowMs;
    this.failed(first);
  }

  /** When one renewal may be tried; `Infinity` while one is under way. */
  get nextTryAtMs(): number {
    return this.#isProbing ? Number.POSITIVE_INFINITY : this.#pausedUntilMs;
  }

  /** Until when none is tried, unless somebody new hurries it. */
  get pausedUntilMs(): number {
    return this.#pausedUntilMs;
  }

  get isProbing(): boolean {
    return this.#isProbing;
  }

  /** One renewal is tried. */
  probe(): void {
    this.#isProbing = true;
  }

  /** The try has ended without saying whether the outage is over: the next one may begin. */
  undecided(): void {
    this.#isProbing = false;
  }

  /** The try has failed: the next one follows after a pause that doubles. */
  failed({ error, nowMs, random, soonestEndMs }: FailedTry): void {
    this.#isProbing = false;
    this.#failures += 1;
    this.#triedAtMs = nowMs;
    const askedMs = Math.min(error.retryAfterMs ?? 0, longestRetryAfterMs);
    this.#askedUntilMs = nowMs + askedMs;
    const delayMs = Math.max(backoffMs(this.#failures, retryBackoff, random), askedMs);
    this.#pausedUntilMs = Math.max(leaseRetryAtMs(nowMs, delayMs, soonestEndMs), nowMs + leasePaceMs);
  }

  /**
   * A lease that has not been tried yet waits from now on. The outage may not concern it, so the next try comes as soon as the pace allows.
   * Where Vault asked for a longer pause, that pause is kept, unless the lease would end before it.
   */
  hurry(expiresAtMs: number): void {
    const awaitedMs = Math.min(this.#askedUntilMs, expiresAtMs - leasePaceMs);
    this.#pausedUntilMs = Math.min(this.#pausedUntilMs, Math.max(awaitedMs, this.#triedAtMs + leasePaceMs));
  }
}
