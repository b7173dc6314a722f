import { isLeaseGone, isNotRenewable } from './lease-answers.js';
import type { LeaseCalls, LeaseExtension } from './lease-calls.js';

/**
 * One lease as the server has it: the calls that concern it. Only this object knows the lease id, and it shows it to nobody.
 */
export class ServerLease {
  readonly #id: string;
  readonly #calls: LeaseCalls;
  #revoked = false;

  constructor(id: string, calls: LeaseCalls) {
    this.#id = id;
    this.#calls = calls;
  }

  /** Asks for a life of `incrementMs` from now. */
  renew(incrementMs: number, timeoutMs?: number): Promise<LeaseExtension> {
    return this.#calls.renew(this.#id, incrementMs, timeoutMs);
  }

  /** @returns what is left; undefined where the policy does not allow the question */
  lookUp(): Promise<LeaseExtension | undefined> {
    return this.#calls.lookUp(this.#id);
  }

  /**
   * Asks for an end `incrementMs` from now: an increment counts from now, so a small one shortens.
   * @returns the life that is left, or why there is none to be set
   * @throws VaultError if Vault cannot be asked
   */
  async shorten(incrementMs: number): Promise<LeaseExtension | 'not-renewable' | 'gone'> {
    try {
      return await this.renew(incrementMs);
    } catch (error) {
      if (isNotRenewable(error)) return 'not-renewable';
      if (isLeaseGone(error)) return 'gone';
      throw error;
    }
  }

  /**
   * Revokes it, once however often it is asked for; a lease that Vault no longer knows counts as revoked.
   * @throws VaultError if Vault cannot be asked
   */
  async revoke(timeoutMs?: number): Promise<void> {
    if (this.#revoked) return;
    try {
      await this.#calls.revoke(this.#id, timeoutMs);
    } catch (error) {
      if (!isLeaseGone(error)) throw error;
    }
    this.#revoked = true;
  }
}
