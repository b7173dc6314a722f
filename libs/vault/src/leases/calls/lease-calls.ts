import type { VaultHandler } from '../../client/call/vault-handler.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import { isJsonObject } from '../../support/json/json-fields.js';

/** What Vault answered to a renewal, or a look-up; times in milliseconds, on the monotonic clock. */
export interface LeaseExtension {
  /** The life that the lease has from `fromMs`, as the server says. */
  readonly givenMs: number;
  /** When the request left: the life counts from then, so that an answer which took long leaves less. */
  readonly fromMs: number;
  readonly receivedAtMs: number;
}

/**
 * The calls for leases. Source: Vault API, "/sys/leases".
 *
 * This folder decides how a question about a lease is put to Vault, and how the answer is read. It does not decide when to ask, or how
 * often (`renewal/` does), nor what the answer means for the holder of the lease (`tracked/` does).
 */
export class LeaseCalls {
  readonly #send: VaultHandler;

  /** @param send with the session's token */
  constructor(send: VaultHandler) {
    this.#send = send;
  }

  /** Asks that the lease end `increment` from now. */
  async renew(leaseId: string, incrementMs: number, timeoutMs?: number): Promise<LeaseExtension> {
    const body = { lease_id: leaseId, increment: Math.ceil(incrementMs / 1_000) };
    const { leaseDuration, sentAtMs, receivedAtMs } = await this.#send({ method: 'PUT', path: 'sys/leases/renew', body, timeoutMs });
    return { givenMs: leaseDuration * 1_000, fromMs: sentAtMs, receivedAtMs };
  }

  /** @returns the life that is left; undefined where the policy does not allow the question */
  async lookUp(leaseId: string): Promise<LeaseExtension | undefined> {
    try {
      const { data, sentAtMs, receivedAtMs } = await this.#send({ method: 'PUT', path: 'sys/leases/lookup', body: { lease_id: leaseId } });
      const ttlSeconds = isJsonObject(data) ? data['ttl'] : undefined;
      if (typeof ttlSeconds !== 'number' || !Number.isFinite(ttlSeconds)) return undefined;
      return { givenMs: ttlSeconds * 1_000, fromMs: sentAtMs, receivedAtMs };
    } catch (error) {
      if (isVaultError(error, 'VAULT_PERMISSION_DENIED')) return undefined;
      throw error;
    }
  }

  /** Revokes the lease, or shortens it to a second where the policy does not allow revocation. */
  async revoke(leaseId: string, timeoutMs?: number): Promise<void> {
    try {
      await this.#send({ method: 'PUT', path: 'sys/leases/revoke', body: { lease_id: leaseId }, timeoutMs });
    } catch (error) {
      if (!isVaultError(error, 'VAULT_PERMISSION_DENIED')) throw error;
      await this.renew(leaseId, 1_000, timeoutMs);
    }
  }
}
