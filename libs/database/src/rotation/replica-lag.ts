import type { Clock } from '@keyturn/vault';
import type { CredentialInUse } from '../lifetime/credential-in-use.js';
import type { RotationEvent } from '../lifetime/rotation-event.js';

/** A replica that lags a moment is nobody's business. */
const quietMs = 2_000;

/** Tells once of new credentials that the database still refuses: they may be accepted late, or never. */
export class ReplicaLag {
  readonly #clock: Clock;
  readonly #emit: (event: RotationEvent) => void;
  #number = 0;
  #sinceMs = 0;
  #isTold = false;

  constructor(clock: Clock, emit: (event: RotationEvent) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  /** A log-in with `held`, which are being proved, was refused. */
  refused({ number, credential }: CredentialInUse): void {
    const nowMs = this.#clock.nowMs();
    if (number !== this.#number) {
      this.#number = number;
      this.#sinceMs = nowMs;
      this.#isTold = false;
    }
    const waitedMs = nowMs - this.#sinceMs;
    if (this.#isTold || waitedMs < quietMs) return;
    this.#isTold = true;
    this.#emit({ type: 'loginAwaited', generation: number, username: credential.username, waitedMs: Math.round(waitedMs) });
  }
}
