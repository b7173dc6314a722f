import { checkedDelayMs, type Clock } from '@keyturn/vault';

/** Waits `delayMs` on the given clock, at most until `signal` aborts. Nobody waits for the outcome: the process may exit meanwhile. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.setTimer(end, checkedDelayMs(delayMs));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
