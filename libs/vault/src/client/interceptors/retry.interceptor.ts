import { isUnavailable } from '../../errors/is-unavailable.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import type { VaultError } from '../../errors/vault-error.js';
import { abandonable } from '../../support/abandonable.js';
import { backoffMs } from '../../support/time/backoff.js';
import type { Clock } from '../../support/time/clock.js';
import { RetryBudget, type RetryBudgetOptions } from '../../support/retry-budget.js';
import { callDeadlineMs } from '../request/call-deadline.js';
import { abortedCall } from '../call/live-calls.js';
import { isMintingCall } from './minting-call.js';
import type { VaultHandler } from '../call/vault-handler.js';
import type { VaultRequest } from '../request/vault-request.js';
import type { VaultResponse } from '../answer/vault-response.js';
import type { VaultInterceptor } from './vault-interceptor.js';

export interface RetryOptions {
  /** Tries in all, the first included. 1: no repetition. */
  readonly attempts: number;
  /** Delay before the first repetition, in milliseconds; doubled for each further one. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** Deadline of all tries together, in milliseconds, for calls that name none. */
  readonly timeoutMs: number;
  /** Repetitions of all calls together, as a share of the calls. */
  readonly budget: RetryBudgetOptions;
}

/**
 * Repeats what may succeed a moment later, within the deadline of the call and the budget of all calls: a broken connection, a new engine
 * that is not ready, 412, 429, 472, 473 and 5xx but 501. `answer-error.ts` gives each status its error, and `is-unavailable.ts` says which
 * errors count. A call that mints (credentials, certificates, tokens, wrapped answers) is repeated only when
 * Vault said that it did nothing, or was never reached: a blind repetition would leak a role.
 */
export class RetryInterceptor implements VaultInterceptor {
  readonly #options: RetryOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #budget: RetryBudget;
  /** Loaded while the application starts: not with the import of this package, and not only when Vault is away. */
  readonly #cockatiel = import('cockatiel');

  constructor(options: RetryOptions, clock: Clock, random: () => number) {
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
    this.#budget = new RetryBudget(options.budget);
    // The start of an application fails for it. A call that would be repeated fails for its own reason.
    this.#cockatiel.catch(() => undefined);
  }

  async intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    this.#budget.earn();
    const deadlineMs = callDeadlineMs(request, this.#clock.nowMs(), this.#options.timeoutMs);
    try {
      return await next(request);
    } catch (error) {
      if (this.#options.attempts < 2 || request.repeat === false || !isRepeatable(error, request)) throw error;
      const tries = this.#repeat({ request, next, failure: error, deadlineMs });
      return await abandonable(tries, request.signal, () => abortedCall(request));
    }
  }

  async #repeat({ request, next, failure, deadlineMs }: FailedCall): Promise<VaultResponse> {
    const cockatiel = await this.#cockatiel.catch(() => undefined);
    if (cockatiel === undefined) throw failure;
    const { DelegateBackoff, handleWhen, retry } = cockatiel;
    let nextDelayMs = 0;
    let failures = 0;
    const repeatable = handleWhen((error) => {
      if (!isRepeatable(error, request)) return false;
      failures += 1;
      nextDelayMs = this.#delayMs(failures, error);
      return nextDelayMs < deadlineMs - this.#clock.nowMs() && failures < this.#options.attempts && this.#budget.spend();
    });
    const policy = retry(repeatable, { maxAttempts: this.#options.attempts - 1, backoff: new DelegateBackoff(() => nextDelayMs) });
    // The first try was made before: its failure is what the policy starts from.
    return policy.execute(({ attempt }) => (attempt === 0 ? Promise.reject(failure) : next({ ...request, deadlineMs })), request.signal);
  }

  /** A `Retry-After` is obeyed as it is; an own delay is shortened by chance, so that clients do not come back together. */
  #delayMs(failures: number, error: VaultError): number {
    const { initialDelayMs, maxDelayMs } = this.#options;
    return error.retryAfterMs ?? backoffMs(failures, { initialMs: initialDelayMs, maxMs: maxDelayMs, jitter: 0.25 }, this.#random());
  }
}

interface FailedCall {
  readonly request: VaultRequest;
  readonly next: VaultHandler;
  readonly failure: VaultError;
  readonly deadlineMs: number;
}

function isRepeatable(error: unknown, request: VaultRequest): error is VaultError {
  if (!isVaultError(error) || !isUnavailable(error) || request.signal?.aborted === true) return false;
  if (!isMintingCall(request) || error.sent === false) return true;
  // Refusals before the engine ran, if it is Vault that says so: what stands before Vault gives its own 503 when it stops waiting. A 400
  // that counts as unavailable is of an engine that upgrades itself. After anything else the credential may exist already.
  return isRefusal(error.status) && error.serverErrors !== undefined && error.serverErrors.length > 0;
}

function isRefusal(status: number | undefined): boolean {
  return status === 400 || status === 412 || status === 429 || status === 503;
}
