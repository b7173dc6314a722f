import { isVaultError } from '../../errors/is-vault-error.js';
import type { TokenSource } from '../token-source.js';
import type { VaultHandler } from '../vault-handler.js';
import type { VaultRequest } from '../vault-request.js';
import type { VaultResponse } from '../vault-response.js';
import type { VaultInterceptor } from './vault-interceptor.js';

/**
 * Puts the session's token on the request. A 403 may mean that the token was revoked behind our back: then the session
 * logs in again, once for all callers, and the request is sent once more.
 */
export class AuthInterceptor implements VaultInterceptor {
  readonly #tokens: TokenSource;

  constructor(tokens: TokenSource) {
    this.#tokens = tokens;
  }

  async intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    if (request.token !== undefined && request.token !== 'session') return next(request);
    const token = await this.#tokens.current(request.signal);
    try {
      return await next({ ...request, token });
    } catch (error) {
      if (!isVaultError(error, 'VAULT_PERMISSION_DENIED')) throw error;
      const replacement = await this.#tokens.replaceRejected(token);
      if (replacement === undefined) throw error;
      return next({ ...request, token: replacement });
    }
  }
}
