import type { Clock } from '@keyturn/vault';
import { CredentialsUnavailableError } from '../../errors/credentials-unavailable.error.js';

export interface TimeForCall {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** What is called, for the message: `issue() of database/creds/reader`. */
  readonly what: string;
  /** Nobody waits any more. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls code of the application, which may never answer, and may ignore the signal that tells it to end.
 * @param onLate gets the value that comes when nobody waits for it any more
 * @throws CredentialsUnavailableError when the time is over, or the reason of `signal`
 */
export async function callInTime<Value>(
  call: (signal: AbortSignal) => Promise<Value>,
  { clock, timeoutMs, what, signal }: TimeForCall,
  onLate: (value: Value) => void = () => undefined,
): Promise<Value> {
  signal?.throwIfAborted();
  const over = new AbortController();
  const cancel = clock.setTimer(() => over.abort(tooLate(what, timeoutMs)), timeoutMs);
  const ends = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  // An error that is thrown at once, and not through the promise, is one like any other.
  const answer = (async () => call(ends))();
  try {
    return await new Promise((resolve, reject) => {
      const onAbort = (): void => reject(ends.reason as Error);
      ends.addEventListener('abort', onAbort, { once: true });
      const settled = answer.then((value) => (ends.aborted ? onLate(value) : resolve(value)), reject);
      void settled.finally(() => ends.removeEventListener('abort', onAbort));
    });
  } finally {
    cancel();
  }
}

function tooLate(what: string, timeoutMs: number): CredentialsUnavailableError {
  return new CredentialsUnavailableError(`${what} has not ended within ${timeoutMs} ms (rotation.sourceTimeoutMs).`, {
    remedy: 'It is called again after a pause; what it gives later is revoked.',
    setting: 'rotation.sourceTimeoutMs',
  });
}
