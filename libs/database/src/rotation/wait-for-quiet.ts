import type { RotatablePool } from '../pool/rotatable-pool.js';
import { sleep } from '../support/sleep.js';
import type { Clock } from '@keyturn/vault';

/** Waits until no pool has a connection in use or a caller waiting, `timeoutMs` at most. */
export async function waitForQuiet(pools: Iterable<RotatablePool>, timeoutMs: number, clock: Clock): Promise<void> {
  const patience = new AbortController();
  const quiet = Promise.all([...pools].map((pool) => pool.quiet()));
  await Promise.race([quiet, sleep(clock, timeoutMs, patience.signal).catch(() => undefined)]);
  patience.abort();
}
