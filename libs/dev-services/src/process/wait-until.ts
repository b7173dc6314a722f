import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 20;

/** Asks `check` every 20 ms until it answers true; false once `timeoutMs` have passed. A check that throws counts as "not yet". */
export async function waitUntil(check: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (await check().catch(() => false)) return true;
    await sleep(PAUSE_MS);
  }
  return false;
}
