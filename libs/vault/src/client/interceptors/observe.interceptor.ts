import { isVaultError } from '../../errors/is-vault-error.js';
import type { Clock } from '../../support/clock.js';
import type { TypedEvents } from '../../support/typed-events.js';
import type { VaultHandler } from '../vault-handler.js';
import type { VaultRequest } from '../vault-request.js';
import type { VaultResponse } from '../vault-response.js';
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
    const facts = { method: request.method, path: request.pathTemplate ?? request.path };
    const durationMs = (): number => this.#clock.nowMs() - startedMs;
    try {
      const response = await next(request);
      this.#exchanges.emit({ ...facts, durationMs: durationMs(), outcome: 'ok', status: response.status, warnings: response.warnings });
      return response;
    } catch (error) {
      const failure = isVaultError(error) ? { code: error.code, ...(error.status === undefined ? {} : { status: error.status }) } : {};
      this.#exchanges.emit({ ...facts, durationMs: durationMs(), outcome: 'failed', warnings: [], ...failure });
      throw error;
    }
  }
}
