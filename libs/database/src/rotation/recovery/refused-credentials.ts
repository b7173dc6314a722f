import type { Clock } from '@keyturn/vault';
import { abandonable } from '@keyturn/vault/time';
import type { DatabaseCredential } from '../../credentials/database-credential.js';
import type { RotatablePool } from '../../pool/rotatable-pool.js';
import { sleep } from '../../support/sleep.js';
import type { Rotations } from '../rotations.js';
import { anyRefuses } from './any-refuses.js';
import type { CredentialSupply } from '../../supply/credential-supply.js';
import type { CredentialLifetime } from '../../lifetime/credential-lifetime.js';
import { credentialsUnavailable, notReplacedInTime } from '../../errors/rotation-faults.js';
import type { ResolvedRotationOptions } from '../../options/rotation-options.js';

export interface RefusedCredentialsOptions {
  readonly clock: Clock;
  readonly lifetime: CredentialLifetime;
  readonly supply: CredentialSupply;
  readonly rotation: ResolvedRotationOptions;
  readonly pools: ReadonlySet<RotatablePool>;
  /** The application stops. */
  readonly stopping: AbortSignal;
  readonly rotations: Pick<Rotations, 'underWay' | 'rotate'>;
}

/**
 * Credentials that the database refuses at a log-in. Many pools may report them: at most one replacement follows. A report of credentials
 * that have been replaced meanwhile leads to none.
 *
 * The folder `recovery/` decides what happens when credentials turn out not to work, or may not work: a log-in that is refused, a role that
 * seems to be gone, a clock that has jumped, credentials that ended in a standstill. It does not issue credentials (`supply/`), and it
 * does not plan replacements that are due by time (`lifetime/`).
 */
export class RefusedCredentials {
  readonly #options: RefusedCredentialsOptions;

  constructor(options: RefusedCredentialsOptions) {
    this.#options = options;
  }

  /**
   * The database refused a log-in. Resolves when other credentials are in force, or when the database accepts these again.
   * @throws CredentialsUnavailableError when no others could be had within `rotation.credentialBudgetMs`
   */
  async loginRejected(credential: DatabaseCredential, sqlState: string): Promise<void> {
    const { supply, clock, rotation, stopping } = this.#options;
    this.#note(credential);
    const over = new AbortController();
    const budgetMs = rotation.credentialBudgetMs;
    const cancel = clock.setTimer(() => over.abort(notReplacedInTime(budgetMs)), budgetMs);
    const signal = AbortSignal.any([stopping, over.signal]);
    try {
      await abandonable(this.#replaced(credential, clock.nowMs() + budgetMs, signal), signal);
    } catch (error) {
      throw credentialsUnavailable(supply.name, sqlState, error as Error);
    } finally {
      cancel();
    }
  }

  /** Notes the first refusal of credentials that should work. The refusal of lost or ended credentials was to be expected. */
  #note(credential: DatabaseCredential): void {
    const { clock, lifetime, supply } = this.#options;
    const held = lifetime.current;
    if (held?.credential !== credential) return;
    const ageMs = lifetime.refused();
    if (ageMs !== undefined && !held.lost && clock.nowMs() < held.issued.expiresAtMs) supply.refusedAfter(ageMs);
  }

  /** Waits for one try after another, as long as the next one begins before `untilMs`. @throws why the last one failed */
  async #replaced(credential: DatabaseCredential, untilMs: number, signal: AbortSignal): Promise<void> {
    const { clock, lifetime, pools, rotations } = this.#options;
    for (;;) {
      await rotations.underWay?.catch(() => undefined);
      if (lifetime.current?.credential !== credential) return;
      const failure =
        lifetime.failureInForce?.error ??
        (await rotations.rotate('login-rejected').then(
          () => undefined,
          (error: Error) => error,
        ));
      if (failure === undefined) return;
      const retryAtMs = lifetime.failureInForce?.retryAtMs ?? Number.POSITIVE_INFINITY;
      if (retryAtMs > untilMs || signal.aborted) throw failure;
      if (!(await anyRefuses(pools))) return;
      await sleep(clock, Math.max(0, retryAtMs - clock.nowMs()), signal);
    }
  }
}
