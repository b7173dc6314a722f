import type { Clock } from '@keyturn/vault';
import { abandonable, backoffMs } from '@keyturn/vault/time';
import { errorFacts } from '../../errors/error-facts.js';
import type { CredentialInUse } from '../../lifetime/credential-in-use.js';
import type { RotationEvent } from '../../lifetime/rotation-event.js';
import { pause } from '../../support/pause.js';

export interface RevocationContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly emit: (event: RotationEvent) => void;
  /** The application stops: whatever fails is tried once more, at once. */
  readonly stopping: AbortSignal;
  /** The time of the application is over: nothing is waited for any more. */
  readonly over: AbortSignal;
}

/** So many tries go by in silence: a short fault of the source is nothing unusual. */
const quietTries = 3;
/** Never more than one call a second. The longest pause is short, as the role lives on until the source is back. */
const pacing = { initialMs: 1_250, maxMs: 30_000, jitter: 0.2 } as const;

/**
 * Ends credentials that no pool uses any more. Tries until that succeeds, they have ended by themselves, or the application stops. Never
 * rejects: what still lives then is left to whoever looks after the source.
 */
export async function revoke(held: CredentialInUse, context: RevocationContext): Promise<void> {
  const { clock, random, emit, stopping, over } = context;
  let isReported = false;
  for (let attempt = 1; ; attempt += 1) {
    const wasStopping = stopping.aborted;
    try {
      await abandonable(held.issued.revoke(), over);
      emit({ type: 'credentialsRevoked', generation: held.number });
      return;
    } catch (error) {
      // A report that credentials are lost may be wrong. They are revoked once, so that no role is left behind.
      const isOver = held.lost || clock.nowMs() >= held.issued.expiresAtMs;
      const isLast = isOver || wasStopping || over.aborted;
      if (!isReported && (isLast || attempt >= quietTries)) {
        isReported = true;
        emit({ type: 'revocationFailed', generation: held.number, ...errorFacts(error) });
      }
      // Credentials that still live are not released: whoever looks after the leases tries once more when the application ends.
      if (isOver) held.issued.release();
      if (isLast) return;
      await pause(clock, backoffMs(attempt, pacing, random()), stopping);
    }
  }
}
