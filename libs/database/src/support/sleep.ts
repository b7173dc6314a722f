import { checkedDelayMs, type Clock } from '@keyturn/vault';

const longestTimeoutMs = 2 ** 31 - 1;

/**
 * Waits `delayMs` on the given clock. Somebody waits for the outcome, so the process is kept alive meanwhile: the timers of the
 * clock alone would let a program that is still connecting exit.
 * @throws the signal's reason, as soon as it aborts; VaultConfigurationError when `delayMs` is no delay, whatever the clock makes of it
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    checkedDelayMs(delayMs);
    // Longer than any delay: one of the same length could end a moment before the clock's timer, and the process with it.
    const keepAlive = setInterval(() => undefined, longestTimeoutMs);
    const onAbort = (): void => {
      cancel();
      clearInterval(keepAlive);
      reject(signal?.reason as Error);
    };
    const cancel = clock.setTimer(() => {
      clearInterval(keepAlive);
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
