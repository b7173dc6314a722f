import type { VaultCredential } from '../../client/request/vault-request.js';
import type { TokenCalls } from './token-calls.js';

/** What a 403 says of the token: it lives and a policy refused, it is dead, or that cannot be told by asking about it. */
export type TokenVerdict = 'live' | 'dead' | 'unknown';

/**
 * Tells a revoked token from a policy that says no, by lookup-self. A token whose policy lacks lookup-self looks dead, so
 * "dead" is only believed once lookup-self has worked for a token of this session.
 */
export class TokenLiveness {
  readonly #calls: TokenCalls;
  #mayLookUp: boolean | undefined;

  constructor(calls: TokenCalls) {
    this.#calls = calls;
  }

  /** Whether tokens of this session may look themselves up; undefined until it is known. */
  get mayLookUp(): boolean | undefined {
    return this.#mayLookUp;
  }

  /** Learns that a token of this session has looked itself up. */
  confirm(): void {
    this.#mayLookUp = true;
  }

  /** Errs towards live when Vault cannot be asked: a wrong "dead" would log in again for every call that a policy denies. */
  async verdict(rejected: VaultCredential): Promise<TokenVerdict> {
    if (this.#mayLookUp === false) return 'unknown';
    try {
      if (await this.#calls.isLive(rejected)) {
        this.#mayLookUp = true;
        return 'live';
      }
      return this.#mayLookUp === true ? 'dead' : 'unknown';
    } catch {
      return 'live';
    }
  }

  /** Learns from a token that certainly lives. @returns whether it may look itself up; true if Vault cannot be asked */
  async learnFrom(fresh: VaultCredential): Promise<boolean> {
    try {
      this.#mayLookUp = await this.#calls.isLive(fresh);
    } catch {
      return true;
    }
    return this.#mayLookUp;
  }
}
