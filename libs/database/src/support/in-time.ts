import type { Clock } from '@keyturn/vault';
import { abandonAt } from './abandon-at.js';

export interface TimeLimit {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** What whoever waits gets when the time is over. */
  readonly expired: () => Error;
}

/** The outcome of `work`, for somebody who waits so long and no longer: `work` then goes on unheard. */
export async function inTime<Value>(work: Promise<Value>, { clock, timeoutMs, expired }: TimeLimit): Promise<Value> {
  const over = new AbortController();
  const cancel = clock.setTimer(() => over.abort(expired()), timeoutMs);
  try {
    return await abandonAt(work, over.signal);
  } finally {
    cancel();
  }
}
