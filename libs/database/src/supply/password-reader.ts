import { backoffMs } from '@keyturn/vault/time';
import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { IssuedCredential } from '../credentials/issued-credential.js';
import { sleep } from '../support/sleep.js';
import { RefusedPassword } from './refused-password.js';
import { passwordUnchanged } from './supply-faults.js';
import type { SupplyOptions, SupplyRequest } from './supply-request.js';

const pacing = { initialMs: 100, maxMs: 1_000, jitter: 0.25 } as const;
/** A static role's API shows the new password well within this time. After it somebody else must have changed the password. */
const longestRepairAfterMs = 3_000;
/** A password that another pool accepts is right: the replica that refuses it lags, and would learn of another one no sooner. */
const longestLagMs = 60_000;
/** Vault means it when it says "the same for this long": its `ttl` at a moment of rotation is shorter. */
const settledMs = 2_000;

/** Reads a static role's password, waits through its change, and has a password repaired that the database refuses for too long. */
export class PasswordReader {
  readonly #options: SupplyOptions;
  readonly #refused = new RefusedPassword();

  constructor(options: SupplyOptions) {
    this.#options = options;
  }

  /** The database refused a log-in with `credential`. @param isAccepted whether another pool has proved it */
  refused(credential: DatabaseCredential, isAccepted: boolean): void {
    this.#refused.refused(credential, this.#options.clock.nowMs(), isAccepted);
  }

  /**
   * The password, read again until it is another one than that of `insteadOf`, inside `rotation.credentialBudgetMs`. Where the source says
   * that the password does not change soon, and the database does not refuse it, the same one is returned.
   * @throws CredentialsUnavailableError when it has not changed in time; or the source's own error
   */
  async read({ signal, insteadOf, refused }: SupplyRequest): Promise<IssuedCredential> {
    const { source, clock, rotation, random } = this.#options;
    const startedAtMs = clock.nowMs();
    let hasRepaired = false;
    let isRefused: boolean | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const issued = await source.issue(signal);
      if (!hasRepaired && (await this.#repairsRefused(issued, signal))) {
        hasRepaired = true;
        issued.release();
        continue;
      }
      if (insteadOf === undefined || !issued.credential.equals(insteadOf)) return issued;
      isRefused ??= (await refused?.()) ?? false;
      const nowMs = clock.nowMs();
      if (!isRefused && issued.expiresAtMs - nowMs > settledMs) return issued;
      issued.release();
      if (isRefused && !hasRepaired && nowMs - startedAtMs > this.#repairAfterMs) {
        hasRepaired = true;
        if (await source.repair?.(signal)) continue;
      }
      const pauseMs = backoffMs(attempt, pacing, random());
      if (nowMs + pauseMs - startedAtMs > rotation.credentialBudgetMs) throw passwordUnchanged(this.#options);
      await sleep(clock, pauseMs, signal);
    }
  }

  /** A short budget has to leave time for the repair, and for a log-in after it. */
  get #repairAfterMs(): number {
    return Math.min(longestRepairAfterMs, this.#options.rotation.credentialBudgetMs / 2);
  }

  /** Has a password repaired that was refused, try after try, for so long that waiting does not help. */
  async #repairsRefused({ credential }: IssuedCredential, signal: AbortSignal): Promise<boolean> {
    const { source, clock } = this.#options;
    const repairAfterMs = this.#refused.isAccepted ? longestLagMs : this.#repairAfterMs;
    if (this.#refused.durationMs(credential, clock.nowMs()) <= repairAfterMs) return false;
    this.#refused.forget();
    return (await source.repair?.(signal)) ?? false;
  }
}
