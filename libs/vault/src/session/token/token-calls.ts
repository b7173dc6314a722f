import type { VaultHandler } from '../../client/call/vault-handler.js';
import type { VaultCredential } from '../../client/request/vault-request.js';
import { isVaultError } from '../../errors/is-vault-error.js';

/** What a renewal gave a token. Its life counts from `sentAtMs`, on the monotonic clock. */
export interface RenewedLife {
  readonly ttlMs: number;
  readonly renewable: boolean;
  readonly sentAtMs: number;
}

/** What a token can do for itself. Source: Vault API, "Token auth method". */
export class TokenCalls {
  readonly #send: VaultHandler;
  readonly #namespace: string | undefined;

  /**
   * @param send below the auth interceptor
   * @param namespace of the log-in: its tokens may do these calls there, and perhaps nowhere else
   */
  constructor(send: VaultHandler, namespace: string | undefined) {
    this.#send = send;
    this.#namespace = namespace;
  }

  /** Renews the token by its own period or TTL; the returned TTL is the truth, counted from when the request left. */
  async renewSelf(token: VaultCredential): Promise<RenewedLife> {
    const { auth, sentAtMs } = await this.#send({
      method: 'POST',
      path: 'auth/token/renew-self',
      body: {},
      token,
      namespace: this.#namespace,
    });
    return { ttlMs: (auth?.leaseDuration ?? 0) * 1_000, renewable: auth?.renewable === true, sentAtMs };
  }

  /**
   * Whether Vault still knows the token. A token whose policy does not allow lookup-self looks dead.
   * @throws VaultError if Vault cannot be asked
   */
  async isLive(token: VaultCredential): Promise<boolean> {
    try {
      await this.#send({ method: 'GET', path: 'auth/token/lookup-self', token, namespace: this.#namespace });
      return true;
    } catch (error) {
      if (isVaultError(error, 'VAULT_PERMISSION_DENIED')) return false;
      throw error;
    }
  }

  /** Revokes the token and, with it, every lease that it still holds. */
  async revokeSelf(token: VaultCredential, timeoutMs: number): Promise<void> {
    await this.#send({ method: 'POST', path: 'auth/token/revoke-self', body: {}, token, timeoutMs, namespace: this.#namespace });
  }
}
