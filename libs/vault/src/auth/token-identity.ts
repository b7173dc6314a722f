/** Whom Vault takes us for: cached answers belong to an identity. */
export class TokenIdentity {
  readonly #onChange: () => void;
  #value = '';

  /** @param onChange called when a token is of another identity than the one before */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Vault's entity id, or the token's accessor where there is no entity; empty before the first log-in. */
  get value(): string {
    return this.#value;
  }

  /** A token of this identity is in use now. */
  become(identity: string): void {
    if (identity === this.#value) return;
    this.#value = identity;
    this.#onChange();
  }
}
