import { VaultAbortedError } from '../../errors/vault-aborted.error.js';
import { VaultTimeoutError } from '../../errors/vault-timeout.error.js';
import { abandonable } from '../../support/abandonable.js';
import type { Clock } from '../../support/time/clock.js';
import { callDeadlineMs } from '../request/call-deadline.js';
import { shownPath } from '../request/shown-path.js';
import type { VaultHandler } from '../call/vault-handler.js';
import type { VaultRequest } from '../request/vault-request.js';
import type { VaultResponse } from '../answer/vault-response.js';
import type { VaultInterceptor } from './vault-interceptor.js';

/** What stands below has the same deadline and better words for it: it is given the time to say them. */
const lastWordsMs = 1_000;

/**
 * An interceptor of the application, with a deadline: callers share what it passes on, and the session's own calls go through it, so that
 * one that hangs would stop them all. Its own time is counted, not what it waits for below: that has a deadline already.
 */
export class BoundedInterceptor implements VaultInterceptor {
  readonly #inner: VaultInterceptor;
  readonly #clock: Clock;
  readonly #timeoutMs: number;

  /** @param timeoutMs deadline of a call that names none, in milliseconds */
  constructor(inner: VaultInterceptor, clock: Clock, timeoutMs: number) {
    this.#inner = inner;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    const answer = new Promise<VaultResponse>((resolve, reject) => {
      const watch = new OwnTime(this.#clock, this.#ownMs(request), (ownMs) => reject(this.#hung(request, ownMs)));
      const passOn: VaultHandler = (passed) => watch.pausedFor(() => next(passed));
      void this.#intercept(request, passOn)
        .then(resolve, reject)
        .finally(() => watch.end());
    });
    return abandonable(answer, request.signal, () => new VaultAbortedError(`The caller aborted ${request.method} ${shownPath(request)}.`));
  }

  #ownMs(request: VaultRequest): number {
    const nowMs = this.#clock.nowMs();
    return Math.max(0, callDeadlineMs(request, nowMs, this.#timeoutMs) - nowMs);
  }

  /** One that throws instead of rejecting is taken for one that rejects. */
  async #intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    return this.#inner.intercept(request, next);
  }

  #hung(request: VaultRequest, ownMs: number): VaultTimeoutError {
    const name = this.#inner.constructor.name;
    return new VaultTimeoutError(
      `The interceptor ${name} of the application did not end within ${Math.round(ownMs)} ms for ${request.method} ${shownPath(request)}.`,
      { remedy: 'Give what the interceptor waits for a deadline, or raise `timeoutMs` of the call or `http.timeoutMs`.' },
    );
  }
}

/** Counts the time that an interceptor takes itself: each stretch of it has `ownMs`. */
class OwnTime {
  readonly #clock: Clock;
  readonly #ownMs: number;
  readonly #onSpent: (ownMs: number) => void;
  #below = 0;
  #ended = false;
  #cancel: () => void;

  constructor(clock: Clock, ownMs: number, onSpent: (ownMs: number) => void) {
    this.#clock = clock;
    this.#ownMs = ownMs;
    this.#onSpent = onSpent;
    this.#cancel = this.#count();
  }

  async pausedFor<Value>(operation: () => Promise<Value>): Promise<Value> {
    this.#below += 1;
    this.#cancel();
    try {
      return await operation();
    } finally {
      this.#below -= 1;
      if (this.#below === 0 && !this.#ended) this.#cancel = this.#count();
    }
  }

  end(): void {
    this.#ended = true;
    this.#cancel();
  }

  #count(): () => void {
    return this.#clock.setTimer(() => this.#onSpent(this.#ownMs), this.#ownMs + lastWordsMs);
  }
}
