import type nodeVault from 'node-vault';
import { VaultRequestError } from '../../errors/vault-request.error.js';

type LeaseRenewalOptions = NonNullable<Parameters<nodeVault.client['startLeaseRenewal']>[2]>;

/** A later `setTimeout` fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * What node-vault's `startLeaseRenewal` does, with its events. A lease is renewed earlier where a timer cannot wait as long, also when a
 * renewal gave it that life: node-vault would renew it without end.
 */
export class LeaseRenewals {
  readonly #client: nodeVault.client;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(client: nodeVault.client) {
    this.#client = client;
  }

  /**
   * @param durationSeconds life of the lease
   * @throws VaultRequestError without a lease, or without a life
   */
  start(leaseId: string, durationSeconds: number, options: LeaseRenewalOptions = {}): void {
    if (!leaseId) throw refused('needs the id of a lease');
    if (!(durationSeconds > 0)) throw refused('needs the life of the lease in seconds');
    this.stop(leaseId);
    const waitMs = Math.min(Math.max(1, Math.floor(durationSeconds * (options.renewFraction || 0.8))) * 1_000, longestTimerMs);
    const timer = setTimeout(() => void this.#renew(leaseId, timer, options), waitMs).unref();
    this.#timers.set(leaseId, timer);
  }

  stop(leaseId: string): void {
    clearTimeout(this.#timers.get(leaseId));
    this.#timers.delete(leaseId);
  }

  stopAll(): void {
    for (const leaseId of this.#timers.keys()) this.stop(leaseId);
  }

  async #renew(leaseId: string, timer: NodeJS.Timeout, options: LeaseRenewalOptions): Promise<void> {
    const { increment } = options;
    /** Not stopped, nor started anew, by whoever was called. */
    const goesOn = (): boolean => this.#timers.get(leaseId) === timer;
    try {
      const result = (await this.#client.renew({ lease_id: leaseId, ...(increment == null ? {} : { increment }) })) as Renewed;
      if (goesOn()) this.#client.emit('lease:renewed', { leaseId, result });
      if (!goesOn()) return;
      this.stop(leaseId);
      if (result.lease_duration > 0 && result.renewable !== false) this.start(leaseId, result.lease_duration, options);
      else this.#client.emit('lease:expired', { leaseId });
    } catch (error) {
      if (!goesOn()) return;
      this.stop(leaseId);
      this.#client.emit('lease:error:renew', { leaseId, error });
    }
  }
}

interface Renewed {
  readonly lease_duration: number;
  readonly renewable?: boolean;
}

function refused(what: string): VaultRequestError {
  return new VaultRequestError(`\`startLeaseRenewal\` ${what}.`, { sent: false, remedy: 'Give what `read` of the credentials answered.' });
}
