import { DelegateBackoff, handleWhen, retry } from 'cockatiel';
import { isVaultError } from '../../errors/is-vault-error.js';
import type { VaultError } from '../../errors/vault-error.js';
import { backoffMs } from '../../support/backoff.js';
import type { Clock } from '../../support/clock.js';
import type { VaultHandler } from '../vault-handler.js';
import type { VaultRequest } from '../vault-request.js';
import type { VaultResponse } from '../vault-response.js';
import type { VaultInterceptor } from './vault-interceptor.js';

export interface RetryOptions {
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** Delay before the first repetition, in milliseconds; doubled for each further one. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** Deadline of all tries together, in milliseconds, for calls that name none. */
  readonly timeoutMs: number;
}

/**
 * Repeats what may succeed a moment later: a broken connection, 412, 429 and 5xx. A call that mints (credentials,
 * certificates, tokens) is repeated only when Vault said that it did nothing: a blind repetition would leak a role.
 */
export class RetryInterceptor implements VaultInterceptor {
  readonly #options: RetryOptions;
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor(options: RetryOptions, clock: Clock, random: () => number) {
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
  }

  intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    const deadlineMs = this.#clock.nowMs() + (request.timeoutMs ?? this.#options.timeoutMs);
    const leftMs = (): number => deadlineMs - this.#clock.nowMs();
    const delayMs = (attempt: number, error: VaultError): number =>
      error.retryAfterMs ??
      backoffMs(attempt, { initialMs: this.#options.initialDelayMs, maxMs: this.#options.maxDelayMs, jitter: 0.25 }, this.#random());
    let nextDelayMs = 0;
    let attempt = 0;
    const repeatable = handleWhen((error) => {
      if (!isVaultError(error) || !isRepeatable(error, request) || request.signal?.aborted === true) return false;
      attempt += 1;
      nextDelayMs = delayMs(attempt, error);
      return nextDelayMs < leftMs();
    });
    const policy = retry(repeatable, { maxAttempts: this.#options.attempts - 1, backoff: new DelegateBackoff(() => nextDelayMs) });
    return policy.execute(() => next({ ...request, timeoutMs: Math.max(1, leftMs()) }), request.signal);
  }
}

const transientCodes = new Set([
  'VAULT_UNREACHABLE',
  'VAULT_TIMEOUT',
  'VAULT_RATE_LIMITED',
  'VAULT_SERVER_FAILED',
  'VAULT_SEALED',
  'VAULT_STANDBY',
]);

function isRepeatable(error: VaultError, request: VaultRequest): boolean {
  if (!transientCodes.has(error.code) || error.status === 501) return false;
  if (request.mints !== true) return true;
  // 412, 429 and 503 are refusals before the engine ran; after anything else the credential may exist already.
  return error.status === 412 || error.status === 429 || error.status === 503;
}
