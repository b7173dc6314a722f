import type { VaultHandler } from '../call/vault-handler.js';
import type { VaultRequest } from '../request/vault-request.js';
import type { VaultResponse } from '../answer/vault-response.js';

/**
 * One step on the way of a request to Vault and of its answer back.
 *
 * Decides: what happens to one call besides its exchange (an answer from memory, a repetition, a token, a report). Does not decide: its own
 * place, which is in `interceptor-order.ts`.
 */
export interface VaultInterceptor {
  /**
   * Passes the request on with `next`, changed or not, any number of times, or answers itself.
   * @throws VaultError only
   */
  intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse>;
}

/** The interceptors in their order, with the transport at the end, as one handler. */
export function chainInterceptors(interceptors: readonly VaultInterceptor[], transport: VaultHandler): VaultHandler {
  return interceptors.reduceRight<VaultHandler>((next, interceptor) => (request) => interceptor.intercept(request, next), transport);
}
