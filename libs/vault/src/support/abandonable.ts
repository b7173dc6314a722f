/**
 * The shared promise, for a caller that may leave early: aborting `signal` rejects this caller alone and leaves the
 * operation running for the others.
 * @param abandoned what this caller gets; default: the signal's reason
 */
export function abandonable<Value>(
  shared: Promise<Value>,
  signal: AbortSignal | null | undefined,
  abandoned: () => Error = () => signal?.reason as Error,
): Promise<Value> {
  // Untyped callers pass null for none.
  if (signal === undefined || signal === null) return shared;
  if (signal.aborted) {
    // Nobody else may be listening, and a rejection that nobody hears ends the process.
    shared.catch(() => undefined);
    return Promise.reject(abandoned());
  }
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abandoned());
    signal.addEventListener('abort', onAbort, { once: true });
    void shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
