import type { Clock } from '@keyturn/vault';
import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import type { CredentialTenure } from './credential-tenure.js';
import { credentialsUnavailable } from './rotation-faults.js';

export interface RefusedCredentialsOptions {
  /** Name of the source, for messages. */
  readonly source: string;
  readonly clock: Clock;
  readonly tenure: CredentialTenure;
  /** The rotation that is under way, if there is one. */
  readonly underWay: () => Promise<void> | undefined;
  readonly replace: () => Promise<void>;
}

const probePauseMs = 1_000;

/** What pools report of credentials that the database refuses: at most one replacement follows, and reports of replaced ones none. */
export class RefusedCredentials {
  readonly #options: RefusedCredentialsOptions;
  #probedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: RefusedCredentialsOptions) {
    this.#options = options;
  }

  /**
   * The database refused a log-in. Resolves when others are in force.
   * @throws CredentialsUnavailableError when there are none to be had
   */
  async loginRejected(credential: DatabaseCredential, sqlState: string): Promise<void> {
    const { source, tenure, underWay, replace } = this.#options;
    await underWay()?.catch(() => undefined);
    if (tenure.current?.credential !== credential) return;
    const waiting = tenure.failureInForce;
    if (waiting !== undefined) throw credentialsUnavailable(source, sqlState, waiting.error);
    await replace().catch((error: unknown) => {
      throw credentialsUnavailable(source, sqlState, error as Error);
    });
  }

  /** A statement was refused as if the role were gone: that is found out by a log-in, once a second at the most. */
  async roleSuspected(pool: RotatablePool, credential: DatabaseCredential): Promise<void> {
    const { clock, tenure } = this.#options;
    const nowMs = clock.nowMs();
    if (tenure.current?.credential !== credential || nowMs - this.#probedAtMs < probePauseMs) return;
    this.#probedAtMs = nowMs;
    const failure = await pool.proveActive();
    if (failure?.kind === 'login') await this.loginRejected(credential, failure.reason).catch(() => undefined);
  }
}
