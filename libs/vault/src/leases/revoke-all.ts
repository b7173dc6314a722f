import type { Clock } from '../support/time/clock.js';
import type { TrackedLease } from './tracked/tracked-lease.js';

/** So many at a time: one after the other Vault would be waited for, all at once the event loop would be blocked by the sending. */
const atATime = 64;

/** Revokes leases until `timeoutMs` have passed. Never rejects: what could not be revoked ends with its token. */
export async function revokeAll(leases: Iterable<TrackedLease>, clock: Clock, timeoutMs: number): Promise<void> {
  const untilMs = clock.nowMs() + timeoutMs;
  const left = leases[Symbol.iterator]();
  const revokeOnes = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true && clock.nowMs() < untilMs; next = left.next()) {
      await next.value.revoke(Math.max(1, untilMs - clock.nowMs())).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: atATime }, revokeOnes));
}
