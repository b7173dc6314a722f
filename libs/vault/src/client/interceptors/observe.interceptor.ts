import { isVaultError } from '../../errors/is-vault-error.js';
import type { Clock } from '../../support/time/clock.js';
import type { TypedEvents } from '../../support/typed-events.js';
import { shownPath } from '../request/shown-path.js';
import type { VaultHandler } from '../call/vault-handler.js';
import type { VaultRequest } from '../request/vault-request.js';
import type { VaultResponse } from '../answer/vault-response.js';
import type { VaultInterceptor } from './vault-interceptor.js';

/** One exchange with Vault, as logs and metrics may show it: never a value, a token or a body. */
export interface VaultExchange {
  readonly method: string;
  readonly path: string;
  readonly durationMs: number;
  readonly outcome: 'ok' | 'failed';
  readonly status?: number;
  readonly code?: string;
  /** Vault's own warnings on the answer. */
  readonly warnings: readonly string[];
}

/** Reports every exchange, successful or not, to the listeners of `exchanges`. */
export class ObserveInterceptor implements VaultInterceptor {
  readonly #clock: Clock;
  readonly #exchanges: TypedEvents<VaultExchange>;

  constructor(clock: Clock, exchanges: TypedEvents<VaultExchange>) {
    this.#clock = clock;
    this.#exchanges = exchanges;
  }

  async intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    const startedMs = this.#clock.nowMs();
    const { method } = request;
    try {
      const response = await next(request);
      const durationMs = this.#clock.nowMs() - startedMs;
      const { status, warnings } = response;
      this.#exchanges.emit({ method, path: shownPath(request), durationMs, outcome: 'ok', status, warnings });
      return response;
    } catch (error) {
      const durationMs = this.#clock.nowMs() - startedMs;
      this.#exchanges.emit({ method, path: shownPath(request), durationMs, outcome: 'failed', warnings: [], ...failureOf(error) });
      throw error;
    }
  }
}

function failureOf(error: unknown): Pick<VaultExchange, 'code' | 'status'> {
  if (!isVaultError(error)) return {};
  return error.status === undefined ? { code: error.code } : { code: error.code, status: error.status };
}
