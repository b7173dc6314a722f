import type { Draining } from '../../generations/prepared-generation.js';
import { backoffMs } from '../../support/backoff.js';
import type { Clock } from '@keyturn/vault';
import { abandonAt } from '../../support/abandon-at.js';
import { errorFacts } from '../../errors/error-facts.js';
import { inTime } from '../../support/in-time.js';
import { pause } from '../../support/pause.js';
import type { CredentialInUse } from '../../lifetime/credential-in-use.js';
import type { RotationEvent } from '../../lifetime/rotation-event.js';
import type { ResolvedRotationOptions } from '../../options/rotation-options.js';
import { drainDeadline, retiredLifeMs } from '../../lifetime/schedule/rotation-schedule.js';

export interface RetirementContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly rotation: ResolvedRotationOptions;
  readonly emit: (event: RotationEvent) => void;
  /** The application stops: whatever fails is tried once more, at once. */
  readonly stopping: AbortSignal;
  /** Its time is over: nothing is waited for any more. */
  readonly over: AbortSignal;
}

/** So many tries go by in silence: a hiccup of the source is nobody's business. */
const quietTries = 3;
/** After the drain deadline statements are cancelled and sockets closed, one at a time of each pool. */
const longestCloseMs = 30_000;
/** Never more than one call a second; and soon enough after a long outage, as the role lives until then. */
const pacing = { initialMs: 1_250, maxMs: 30_000, jitter: 0.2 } as const;

/**
 * The way out of replaced credentials: their life is shortened to the drain time first, so that they end even if this process does not
 * live to revoke them, or to what is left of it where users may stay until then; then the drains are waited for; then they are revoked.
 * Never rejects.
 */
export async function retire(held: CredentialInUse, drains: readonly Draining[], context: RetirementContext): Promise<void> {
  const { clock, emit } = context;
  const startedAtMs = clock.nowMs();
  await shorten(held, drains, context);
  const terminated = await drained(drains, context);
  emit({ type: 'generationDrained', generation: held.number, durationMs: Math.round(clock.nowMs() - startedAtMs), terminated });
  await revoke(held, context);
}

/**
 * Ends credentials that no pool uses any more, trying until it succeeds or they have ended by themselves. Never rejects: what still lives
 * when the application stops is left to whoever looks after the source.
 */
export async function revoke(held: CredentialInUse, context: RetirementContext): Promise<void> {
  const { clock, random, emit, stopping, over } = context;
  let isReported = false;
  for (let attempt = 1; ; attempt += 1) {
    const wasStopping = stopping.aborted;
    try {
      await abandonAt(held.issued.revoke(), over);
      emit({ type: 'credentialsRevoked', generation: held.number });
      return;
    } catch (error) {
      // Of credentials that are reported lost nobody knows for certain: once, so that no role is left behind.
      const isOver = held.lost || clock.nowMs() >= held.issued.expiresAtMs;
      const isLast = isOver || wasStopping || over.aborted;
      if (!isReported && (isLast || attempt >= quietTries)) {
        isReported = true;
        emit({ type: 'revocationFailed', generation: held.number, ...errorFacts(error) });
      }
      // What still lives is not released: whoever looks after the leases gives it the last chance when the application ends.
      if (isOver) held.issued.release();
      if (isLast) return;
      await pause(clock, backoffMs(attempt, pacing, random()), stopping);
    }
  }
}

/**
 * Waits for the end of all `drains`, for `drainMs` and what a driver needs to close connections; longer only for users who may stay. A driver
 * that never says so must not keep credentials alive.
 * @returns how many connections were taken from their users
 */
async function drained(drains: readonly Draining[], { clock, rotation }: RetirementContext): Promise<number> {
  let terminated = 0;
  const ended = Promise.all(drains.map(async (drain) => (terminated += (await drain.done).terminated)));
  if (rotation.onDrainDeadline === 'wait') {
    await ended;
    return terminated;
  }
  const timeoutMs = rotation.drainMs + longestCloseMs;
  await inTime(ended, { clock, timeoutMs, expired: () => new Error('The driver has not closed all connections.') }).catch(() => undefined);
  return terminated;
}

async function shorten(held: CredentialInUse, drains: readonly Draining[], context: RetirementContext): Promise<void> {
  const { clock, rotation, stopping } = context;
  if (held.lost) return;
  const flippedAtMs = clock.nowMs();
  const mayStay = rotation.onDrainDeadline === 'wait';
  // To the life they have, when their users may stay: it is not extended any more.
  const lifeMs = mayStay ? Math.max(0, held.issued.expiresAtMs - flippedAtMs) : retiredLifeMs(rotation.drainMs);
  if (!Number.isFinite(lifeMs)) return;
  try {
    await abandonAt(held.issued.shorten(lifeMs), stopping);
  } catch {
    // The deadline from the life that is known holds; the revocation comes after the drain all the same.
    return;
  }
  if (mayStay) return;
  const deadline = drainDeadline(held.issued, flippedAtMs, rotation.drainMs);
  for (const drain of drains) drain.setDeadline(deadline);
}
