import type { Clock } from '@keyturn/vault';
import type { DatabaseCredential } from '../../credentials/database-credential.js';
import type { CredentialLifetime } from '../../lifetime/credential-lifetime.js';
import type { RotatablePool } from '../../pool/rotatable-pool.js';
import { ProbeRateLimit } from './probe-rate-limit.js';

export interface SuspectedRoleOptions {
  readonly clock: Clock;
  readonly lifetime: CredentialLifetime;
  /** The database refuses a log-in with `credential`: resolves when that is cleared up. */
  readonly onRefused: (credential: DatabaseCredential, reason: string) => Promise<void>;
}

/**
 * A role that seems to be gone, as a statement was denied: a log-in finds that out. Denials may be of the application's own making, so the
 * log-ins are paced, but not the first ones.
 */
export class SuspectedRole {
  readonly #options: SuspectedRoleOptions;
  readonly #pace = new ProbeRateLimit();
  /** Whether a log-in waits for its turn: one is enough. */
  #isProbeDue = false;

  constructor(options: SuspectedRoleOptions) {
    this.#options = options;
  }

  /**
   * A statement of `pool` was denied as if the role were gone. Resolves when a log-in has cleared that up. Resolves at once where the next
   * log-in has to wait, a second at the most: an application that is denied something all the time would be held up all the time.
   */
  async suspected(pool: RotatablePool, credential: DatabaseCredential): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    const pauseMs = this.#pace.dueAtMs(nowMs) - nowMs;
    if (pauseMs <= 0) await this.#probe(pool, credential);
    else if (!this.#isProbeDue) this.#probeAfter(pauseMs, () => void this.#probe(pool, credential));
  }

  #probeAfter(delayMs: number, probe: () => void): void {
    this.#isProbeDue = true;
    this.#options.clock.setTimer(() => {
      this.#isProbeDue = false;
      probe();
    }, delayMs);
  }

  async #probe(pool: RotatablePool, credential: DatabaseCredential): Promise<void> {
    const { clock, lifetime, onRefused } = this.#options;
    if (lifetime.current?.credential !== credential) return;
    this.#pace.spend(clock.nowMs());
    const failure = await pool.proveActive();
    if (failure?.kind === 'login') await onRefused(credential, failure.reason).catch(() => undefined);
  }
}
