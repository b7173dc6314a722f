import { abandonable, withinTime } from '@keyturn/vault/time';
import type { Draining } from '../../generations/prepared-generation.js';
import type { CredentialInUse } from '../../lifetime/credential-in-use.js';
import type { ResolvedRotationOptions } from '../../options/rotation-options.js';
import { revoke, type RevocationContext } from './revoke.js';
import { drainDeadline, retiredLifeMs } from '../../lifetime/schedule/rotation-schedule.js';

export interface RetirementContext extends RevocationContext {
  readonly rotation: ResolvedRotationOptions;
}

/** After the drain deadline the statements of all users that are left are cancelled, and their sockets closed. */
const longestCloseMs = 30_000;

/**
 * The way out of replaced credentials, in three steps. Their life is shortened to the drain time, so that they end even if this process
 * dies; or to what is left of it, where users may stay to the end. Their connections drain. Then they are revoked. Never rejects.
 *
 * The folder `retirement/` decides how long replaced credentials live on, and how often their revocation is tried. It does not decide when
 * they are replaced (`lifetime/`), and it does not close connections (`generations/`).
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
 * Waits for the end of all `drains`: for `drainMs` and the time that a driver needs to close connections. A driver that never says so must
 * not keep credentials alive. Only users who may stay are waited for longer.
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
  await withinTime(ended, { clock, timeoutMs, expired: () => new Error('The driver has not closed all connections.') }).catch(
    () => undefined,
  );
  return terminated;
}

async function shorten(held: CredentialInUse, drains: readonly Draining[], context: RetirementContext): Promise<void> {
  const { clock, rotation, stopping } = context;
  if (held.lost) return;
  const flippedAtMs = clock.nowMs();
  const mayStay = rotation.onDrainDeadline === 'wait';
  // Where users may stay, the life is "shortened" to its own length: from then on it is not extended any more.
  const lifeMs = mayStay ? Math.max(0, held.issued.expiresAtMs - flippedAtMs) : retiredLifeMs(rotation.drainMs);
  if (!Number.isFinite(lifeMs)) return;
  try {
    await abandonable(held.issued.shorten(lifeMs), stopping);
  } catch {
    // The deadline that the flip has set holds, and the revocation comes after the drain all the same.
    return;
  }
  if (mayStay) return;
  const deadline = drainDeadline(held.issued, flippedAtMs, rotation.drainMs);
  for (const drain of drains) drain.setDeadline(deadline);
}
