import type { RotatablePool } from '../../pool/rotatable-pool.js';
import type { Clock } from '@keyturn/vault';
import { settleUntil } from '../../support/settle-until.js';

/** Waits until no pool has a connection in use or a caller waiting, `timeoutMs` at most. */
export async function waitUntilIdle(pools: Iterable<RotatablePool>, timeoutMs: number, clock: Clock): Promise<void> {
  await settleUntil(
    Array.from(pools, (pool) => pool.quiet()),
    clock.nowMs() + timeoutMs,
    clock,
  );
}
