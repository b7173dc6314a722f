import { type Clock, type LeaseEvent, type TrackedLease, TypedEvents } from '@keyturn/vault';
import type { CredentialEvent } from '../credential-event.js';
import type { DatabaseCredential } from '../database-credential.js';
import type { IssuedCredential } from '../issued-credential.js';

/** Credentials that live as long as a lease of Vault. The lease registry renews the lease while that is possible. */
export class LeasedCredential implements IssuedCredential {
  readonly credential: DatabaseCredential;
  readonly atExpiry = 'unusable';
  readonly #lease: TrackedLease;
  readonly #clock: Clock;
  readonly #events = new TypedEvents<CredentialEvent>();
  readonly #unsubscribe: () => void;
  #issuedAtMs: number;
  #expiresAtMs: number;

  constructor(credential: DatabaseCredential, lease: TrackedLease, clock: Clock) {
    this.credential = credential;
    this.#lease = lease;
    this.#clock = clock;
    this.#issuedAtMs = Math.min(clock.nowMs(), lease.expiresAtMs - lease.requestedMs);
    this.#expiresAtMs = lease.expiresAtMs;
    this.#unsubscribe = lease.subscribe((event) => this.#onLease(event));
  }

  get issuedAtMs(): number {
    return this.#issuedAtMs;
  }

  get expiresAtMs(): number {
    return this.#expiresAtMs;
  }

  get extendable(): boolean {
    return this.#lease.renewable;
  }

  subscribe(listener: (event: CredentialEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  async shorten(afterMs: number): Promise<void> {
    await this.#lease.shorten(afterMs);
    this.#expiresAtMs = this.#lease.expiresAtMs;
  }

  async revoke(): Promise<void> {
    await this.#lease.revoke();
    this.#unsubscribe();
  }

  release(): void {
    this.#unsubscribe();
    this.#lease.release();
  }

  #onLease(event: LeaseEvent): void {
    switch (event.type) {
      case 'leaseRenewed':
        this.#issuedAtMs = this.#clock.nowMs();
        this.#expiresAtMs = this.#lease.expiresAtMs;
        return this.#events.emit({ type: 'changed' });
      case 'leaseEnding':
        this.#expiresAtMs = this.#lease.expiresAtMs;
        // A lease that was never renewable is no surprise: the schedule knows its end.
        return this.#events.emit(event.reason === 'not-renewable' ? { type: 'changed' } : { type: 'ending', reason: event.reason });
      case 'leaseLost':
        return this.#events.emit({ type: 'lost', reason: event.reason });
      case 'leaseRenewalFailed':
      case 'leaseRevoked':
    }
  }
}
