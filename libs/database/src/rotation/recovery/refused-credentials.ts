import type { Clock } from '@keyturn/vault';
import type { DatabaseCredential } from '../../credentials/database-credential.js';
import type { RotatablePool } from '../../pool/rotatable-pool.js';
import { abandonAt } from '../../support/abandon-at.js';
import { sleep } from '../../support/sleep.js';
import { anyRefuses } from './any-refuses.js';
import type { CredentialSupply } from '../../supply/credential-supply.js';
import type { CredentialLifetime } from '../../lifetime/credential-lifetime.js';
import { ProbeRateLimit } from './probe-rate-limit.js';
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
  /** The rotation that is under way, if there is one. */
  readonly underWay: () => Promise<void> | undefined;
  readonly replace: () => Promise<void>;
}

/** What pools report of credentials that the database refuses: at most one replacement follows, and reports of replaced ones none. */
export class RefusedCredentials {
  readonly #options: RefusedCredentialsOptions;
  /** Denials of an application's own making are no lost role: log-ins that find that out are paced, but not the first ones. */
  readonly #pace = new ProbeRateLimit();
  #isProbeDue = false;

  constructor(options: RefusedCredentialsOptions) {
    this.#options = options;
  }

  /**
   * The database refused a log-in. Resolves when others are in force, or when it accepts these again.
   * @throws CredentialsUnavailableError when there are none to be had within `rotation.credentialBudgetMs`
   */
  async loginRejected(credential: DatabaseCredential, sqlState: string): Promise<void> {
    const { supply, clock, rotation, stopping } = this.#options;
    this.#note(credential);
    const over = new AbortController();
    const budgetMs = rotation.credentialBudgetMs;
    const cancel = clock.setTimer(() => over.abort(notReplacedInTime(budgetMs)), budgetMs);
    const signal = AbortSignal.any([stopping, over.signal]);
    try {
      await abandonAt(this.#replaced(credential, clock.nowMs() + budgetMs, signal), signal);
    } catch (error) {
      throw credentialsUnavailable(supply.name, sqlState, error as Error);
    } finally {
      cancel();
    }
  }

  /**
   * A statement was refused as if the role were gone: a log-in finds that out. Resolves when it is cleared up; beyond the pace at once,
   * and it is found out within a second: an application that is denied something all the time would be held up all the time.
   */
  async roleSuspected(pool: RotatablePool, credential: DatabaseCredential): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    const pauseMs = this.#pace.dueAtMs(nowMs) - nowMs;
    if (pauseMs <= 0) await this.#probe(pool, credential);
    else if (!this.#isProbeDue) this.#probeAfter(pauseMs, () => void this.#probe(pool, credential));
  }

  /** Of credentials that are lost or over that was to be expected. */
  #note(credential: DatabaseCredential): void {
    const { clock, lifetime, supply } = this.#options;
    const held = lifetime.current;
    if (held?.credential !== credential) return;
    const ageMs = lifetime.refused();
    if (ageMs !== undefined && !held.lost && clock.nowMs() < held.issued.expiresAtMs) supply.refusedAfter(ageMs);
  }

  /** Waits for one try after another, as long as the next one begins before `untilMs`. @throws why the last one failed */
  async #replaced(credential: DatabaseCredential, untilMs: number, signal: AbortSignal): Promise<void> {
    const { clock, lifetime, pools, underWay, replace } = this.#options;
    for (;;) {
      await underWay()?.catch(() => undefined);
      if (lifetime.current?.credential !== credential) return;
      const failure =
        lifetime.failureInForce?.error ??
        (await replace().then(
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

  #probeAfter(delayMs: number, probe: () => void): void {
    this.#isProbeDue = true;
    this.#options.clock.setTimer(() => {
      this.#isProbeDue = false;
      probe();
    }, delayMs);
  }

  async #probe(pool: RotatablePool, credential: DatabaseCredential): Promise<void> {
    const { clock, lifetime } = this.#options;
    if (lifetime.current?.credential !== credential) return;
    this.#pace.spend(clock.nowMs());
    const failure = await pool.proveActive();
    if (failure?.kind === 'login') await this.loginRejected(credential, failure.reason).catch(() => undefined);
  }
}
