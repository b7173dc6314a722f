import type { Clock } from '@keyturn/vault';
import type { CredentialInUse } from '../../lifetime/credential-in-use.js';
import type { RotationEvent } from '../../lifetime/rotation-event.js';

/** A shorter lag is nothing unusual: nobody is told. */
const quietMs = 2_000;

/** The refusals of one generation's credentials since `sinceMs`. */
interface Refusals {
  readonly number: number;
  readonly sinceMs: number;
  readonly isTold: boolean;
}

/** Tells once of new credentials that the database still refuses: it may accept them late, or never. */
export class ReplicaLag {
  readonly #clock: Clock;
  readonly #emit: (event: RotationEvent) => void;
  #refusals: Refusals | undefined;

  constructor(clock: Clock, emit: (event: RotationEvent) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  /** The database refused a log-in with `held`, which are being proved. */
  refused({ number, credential }: CredentialInUse): void {
    const nowMs = this.#clock.nowMs();
    const known = this.#refusals?.number === number ? this.#refusals : { number, sinceMs: nowMs, isTold: false };
    const waitedMs = nowMs - known.sinceMs;
    const isDue = !known.isTold && waitedMs >= quietMs;
    this.#refusals = { ...known, isTold: known.isTold || isDue };
    if (isDue) this.#emit({ type: 'loginAwaited', generation: number, username: credential.username, waitedMs: Math.round(waitedMs) });
  }
}
