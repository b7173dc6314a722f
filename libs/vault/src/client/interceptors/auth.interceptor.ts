import { isVaultError } from '../../errors/is-vault-error.js';
import { VaultAbortedError } from '../../errors/vault-aborted.error.js';
import { VaultTimeoutError } from '../../errors/vault-timeout.error.js';
import { abandonable } from '../../support/abandonable.js';
import { isPromise } from '../../support/is-promise.js';
import type { Clock } from '../../support/time/clock.js';
import { withinTime } from '../../support/time/within-time.js';
import { callDeadlineMs } from '../request/call-deadline.js';
import { shownPath } from '../request/shown-path.js';
import type { TokenSource } from './token-source.js';
import type { VaultHandler } from '../call/vault-handler.js';
import type { LimitedUse, VaultCredential, VaultRequest } from '../request/vault-request.js';
import type { VaultResponse } from '../answer/vault-response.js';
import type { VaultInterceptor } from './vault-interceptor.js';

/**
 * Puts the session's token on the request. A 403 may mean that the token was revoked behind our back: then the session
 * logs in again, once for all callers, and the request is sent once more. Who waits for the session leaves at the deadline
 * of the call or when it is aborted; the session goes on for the others.
 */
export class AuthInterceptor implements VaultInterceptor {
  readonly #tokens: TokenSource;
  readonly #clock: Clock;
  readonly #timeoutMs: number;

  /** @param timeoutMs deadline of a call that names none, in milliseconds */
  constructor(tokens: TokenSource, clock: Clock, timeoutMs: number) {
    this.#tokens = tokens;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  async intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    if (request.token !== undefined && request.token !== 'session') return next(request);
    const deadlineMs = callDeadlineMs(request, this.#clock.nowMs(), this.#timeoutMs);
    const current = this.#current(request, deadlineMs);
    // Most of the time the session has a token: then there is nothing to wait for.
    const token = isPromise(current) ? await current : current;
    try {
      return await sendWith({ ...request, deadlineMs, token }, token.limited, next);
    } catch (error) {
      if (!isVaultError(error, 'VAULT_PERMISSION_DENIED')) throw error;
      const replacement = await this.#waitFor(this.#tokens.replaceRejected(token), request, deadlineMs);
      if (replacement === undefined) throw error;
      // The replacement is the same for all who ask: a use of it is taken for each.
      const fresh = replacement.limited === undefined ? replacement : await this.#current(request, deadlineMs);
      return sendWith({ ...request, deadlineMs, token: fresh }, fresh.limited, next);
    }
  }

  #current(request: VaultRequest, deadlineMs: number): Promise<VaultCredential> | VaultCredential {
    // Nobody would wait for the log-in that this could start.
    if (request.signal?.aborted === true) return Promise.reject(aborted(request));
    const token = this.#tokens.current();
    return isPromise(token) ? this.#waitFor(token, request, deadlineMs) : token;
  }

  #waitFor<Value>(shared: Promise<Value>, request: VaultRequest, deadlineMs: number): Promise<Value> {
    const timeoutMs = Math.max(0, deadlineMs - this.#clock.nowMs());
    const inTime = withinTime(shared, { clock: this.#clock, timeoutMs, expired: () => late(request) });
    return abandonable(inTime, request.signal, () => aborted(request));
  }
}

/** Most tokens are not limited: no promise of its own for those. */
function sendWith(request: VaultRequest, limited: LimitedUse | undefined, next: VaultHandler): Promise<VaultResponse> {
  return limited === undefined ? next(request) : countedUse(request, limited, next);
}

async function countedUse(request: VaultRequest, limited: LimitedUse, next: VaultHandler): Promise<VaultResponse> {
  let leased = false;
  try {
    const response = await next(request);
    // What renews a lease answers with it, too, but does not make it.
    leased = response.leaseId !== '' && !request.path.startsWith('sys/');
    return response;
  } finally {
    limited.ended(leased);
  }
}

function aborted(request: VaultRequest): VaultAbortedError {
  return new VaultAbortedError(`The caller aborted ${shown(request)}.`);
}

function late(request: VaultRequest): VaultTimeoutError {
  return new VaultTimeoutError(`The deadline of ${shown(request)} passed while the session asked Vault for a live token.`, {
    remedy: 'Check VAULT_ADDR and the load of the server, or raise `timeoutMs` of the call or `http.timeoutMs` (VAULT_CLIENT_TIMEOUT).',
  });
}

function shown(request: VaultRequest): string {
  return `${request.method} ${shownPath(request)}`;
}
