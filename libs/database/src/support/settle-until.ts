import type { Clock } from '@keyturn/vault';
import { sleep } from './sleep.js';

/** Waits until all of `works` have ended, well or not, or until `untilMs`; they go on unheard. */
export async function settleUntil(works: readonly Promise<unknown>[], untilMs: number, clock: Clock): Promise<void> {
  const patience = new AbortController();
  const timeIsOver = sleep(clock, Math.max(0, untilMs - clock.nowMs()), patience.signal).catch(() => undefined);
  await Promise.race([Promise.allSettled(works), timeIsOver]);
  patience.abort();
}
