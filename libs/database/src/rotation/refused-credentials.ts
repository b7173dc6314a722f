import type { Clock } from '@keyturn/vault';
import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import type { CredentialSupply } from './credential-supply.js';
import type { CredentialTenure } from './credential-tenure.js';
import { ProbePace } from './probe-pace.js';
import { credentialsUnavailable } from './rotation-faults.js';

export interface RefusedCredentialsOptions {
  /** Name of the source, for messages. */
  readonly source: string;
  readonly clock: Clock;
  readonly tenure: CredentialTenure;
  readonly supply: CredentialSupply;
  /** The rotation that is under way, if there is one. */
  readonly underWay: () => Promise<void> | undefined;
  readonly replace: () => Promise<void>;
}

/** What pools report of credentials that the database refuses: at most one replacement follows, and reports of replaced ones none. */
export class RefusedCredentials {
  readonly #options: RefusedCredentialsOptions;
  /** Denials of an application's own making are no lost role: log-ins that find that out are paced, but not the first ones. */
  readonly #pace = new ProbePace();
  #isProbeDue = false;

  constructor(options: RefusedCredentialsOptions) {
    this.#options = options;
  }

  /**
   * The database refused a log-in. Resolves when others are in force.
   * @throws CredentialsUnavailableError when there are none to be had
   */
  async loginRejected(credential: DatabaseCredential, sqlState: string): Promise<void> {
    const { source, tenure, underWay, replace } = this.#options;
    this.#note(credential);
    await underWay()?.catch(() => undefined);
    if (tenure.current?.credential !== credential) return;
    const waiting = tenure.failureInForce;
    if (waiting !== undefined) throw credentialsUnavailable(source, sqlState, waiting.error);
    await replace().catch((error: unknown) => {
      throw credentialsUnavailable(source, sqlState, error as Error);
    });
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
    const { clock, tenure, supply } = this.#options;
    const held = tenure.current;
    if (held?.credential !== credential) return;
    const ageMs = tenure.refused();
    if (ageMs !== undefined && !held.lost && clock.nowMs() < held.issued.expiresAtMs) supply.refusedAfter(ageMs);
  }

  #probeAfter(delayMs: number, probe: () => void): void {
    this.#isProbeDue = true;
    this.#options.clock.setTimer(() => {
      this.#isProbeDue = false;
      probe();
    }, delayMs);
  }

  async #probe(pool: RotatablePool, credential: DatabaseCredential): Promise<void> {
    const { clock, tenure } = this.#options;
    if (tenure.current?.credential !== credential) return;
    this.#pace.spend(clock.nowMs());
    const failure = await pool.proveActive();
    if (failure?.kind === 'login') await this.loginRejected(credential, failure.reason).catch(() => undefined);
  }
}
