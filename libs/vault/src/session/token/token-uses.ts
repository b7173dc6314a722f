import type { LimitedUse } from '../../client/request/vault-request.js';

/**
 * The uses of a token that has a limited number of them. Vault counts one for each call that carries the token, whatever becomes of the
 * call, and revokes the token with its leases at the last one.
 * Source: Vault API, "AppRole auth method", `token_num_uses`.
 */
export class TokenUses implements LimitedUse {
  /** A token with a single use has none to spare. */
  readonly #kept: number;
  #left: number;
  #underWay = 0;
  #leased = false;
  #onIdle: ((leased: boolean) => void) | undefined;

  /** @param kept of `total`, for a call that ends the token */
  constructor(total: number, kept: number) {
    this.#left = total;
    this.#kept = total > kept ? kept : 0;
  }

  /** How many calls may be made before another log-in is needed. */
  get left(): number {
    return Math.max(0, this.#left - this.#kept);
  }

  /** Takes a use for a call whose end is told with `ended()`. @returns whether there was one */
  take(): boolean {
    if (!this.spend()) return false;
    this.#underWay += 1;
    return true;
  }

  /** Takes a use for a call of the session itself. @returns whether there was one */
  spend(): boolean {
    if (this.left === 0) return false;
    this.#left -= 1;
    return true;
  }

  ended(leased: boolean): void {
    this.#underWay -= 1;
    if (leased) this.#leased = true;
    this.#tellIdle();
  }

  /** Calls `onIdle` once no call is under way any more: with whether one of them was given a lease, which ends with the token. */
  retire(onIdle: (leased: boolean) => void): void {
    this.#left = Math.min(this.#left, this.#kept);
    this.#onIdle = onIdle;
    this.#tellIdle();
  }

  #tellIdle(): void {
    if (this.#underWay > 0) return;
    const onIdle = this.#onIdle;
    this.#onIdle = undefined;
    onIdle?.(this.#leased);
  }
}
