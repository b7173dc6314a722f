import type { AuthMethod, LoginContext, LoginResult } from './auth-method.js';

/** Remembers whom the last log-in made us: cached answers belong to an identity. */
export class IdentifiedAuthMethod implements AuthMethod {
  readonly #method: AuthMethod;
  readonly #onChange: () => void;
  #identity = '';

  /** @param onChange called when a log-in gives another identity than the one before */
  constructor(method: AuthMethod, onChange: () => void) {
    this.#method = method;
    this.#onChange = onChange;
  }

  get name(): string {
    return this.#method.name;
  }

  get namespace(): string | undefined {
    return this.#method.namespace;
  }

  /** Vault's entity id, or the token's accessor where there is no entity; empty before the first log-in. */
  get identity(): string {
    return this.#identity;
  }

  async login(context: LoginContext): Promise<LoginResult> {
    const result = await this.#method.login(context);
    const identity = result.identity ?? '';
    if (identity !== this.#identity) {
      this.#identity = identity;
      this.#onChange();
    }
    return result;
  }
}
