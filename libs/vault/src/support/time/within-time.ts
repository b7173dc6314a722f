import type { Clock } from './clock.js';

export interface TimeLimit {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** What the caller gets when the time is up. */
  readonly expired: () => Error;
}

/** The shared promise, for a caller who waits so long and no longer; the operation goes on for the others. */
export function withinTime<Value>(shared: Promise<Value>, { clock, timeoutMs, expired }: TimeLimit): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(() => reject(expired()), timeoutMs);
    void shared.then(resolve, reject).finally(cancel);
  });
}
