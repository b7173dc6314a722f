/**
 * The outcome of `work`, for somebody who does not wait longer than until `signal` aborts: `work` then goes on unheard.
 * @throws the signal's reason
 */
export function abandonAt<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
