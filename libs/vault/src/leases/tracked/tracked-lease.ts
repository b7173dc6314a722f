import { checkedMs } from '../../support/checked/checked-ms.js';
import { inspect } from 'node:util';
import { TypedEvents } from '../../support/typed-events.js';
import { isLeaseGone, isNotRenewable } from '../calls/lease-answers.js';
import type { LeaseCalls, LeaseExtension } from '../calls/lease-calls.js';
import type { LeaseEvent, LeaseLostReason } from '../lease.events.js';
import type { LeaseState } from './lease-state.js';
import { believedEndMs } from './renewal-schedule.js';

/** Below this life a renewal gets no more time than the lease has left. */
const shortLifeMs = 10_000;

/** What a lease asks of the registry that keeps it. */
export interface LeaseKeeper {
  readonly calls: LeaseCalls;
  nowMs(): number;
  /** The state changed: the shared timer may have to move, and the listeners of all leases hear of it. */
  changed(lease: TrackedLease, event?: LeaseEvent): void;
}

export interface TrackedLeaseOptions {
  readonly name: string;
  readonly leaseId: string;
  readonly tokenEpoch: number;
  readonly requestedMs: number;
  readonly state: LeaseState;
  readonly onListenerError: (error: unknown) => void;
}

/** A lease of Vault that the registry keeps alive until it is released, revoked or cannot be extended. */
export class TrackedLease {
  /** What the lease is of, such as `database/creds/reader`: safe to show. */
  readonly name: string;
  /** The log-in whose token is the parent of the lease. */
  readonly tokenEpoch: number;
  /** TTL at the grant, in milliseconds: what renewals ask for. */
  readonly requestedMs: number;
  readonly #leaseId: string;
  readonly #keeper: LeaseKeeper;
  readonly #events: TypedEvents<LeaseEvent>;
  #state: LeaseState;
  #revoked = false;

  /** Made by `LeaseRegistry.track()`. */
  constructor(options: TrackedLeaseOptions, keeper: LeaseKeeper) {
    this.name = options.name;
    this.tokenEpoch = options.tokenEpoch;
    this.requestedMs = options.requestedMs;
    this.#leaseId = options.leaseId;
    this.#state = options.state;
    this.#keeper = keeper;
    this.#events = new TypedEvents(options.onListenerError);
  }

  get state(): LeaseState {
    return this.#state;
  }

  /** Whether it is still renewed. */
  get renewable(): boolean {
    return this.#state.kind === 'renewing';
  }

  /** End on the monotonic clock, in milliseconds. */
  get expiresAtMs(): number {
    return this.#state.expiresAtMs;
  }

  /** Milliseconds left, never negative. */
  remainingMs(): number {
    return Math.max(0, this.expiresAtMs - this.#keeper.nowMs());
  }

  /** @returns removes the listener */
  subscribe(listener: (event: LeaseEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  /** @internal Asks Vault for another `requestedMs`; the answer is the truth. */
  renew(): Promise<LeaseExtension> {
    // Near its end there is no use in waiting longer than the lease lives; else the client's own deadline holds.
    const remainingMs = this.remainingMs();
    return this.#keeper.calls.renew(this.#leaseId, this.requestedMs, remainingMs < shortLifeMs ? Math.max(1_000, remainingMs) : undefined);
  }

  /** @internal Asks Vault what is left; undefined if that may not be asked. */
  lookUp(): Promise<LeaseExtension | undefined> {
    return this.#keeper.calls.lookUp(this.#leaseId);
  }

  /**
   * Lets the lease end `afterMs` from now and no longer renews it. The server revokes it then, even if this process is
   * gone: a renewal's increment counts from now, so a small one shortens.
   * @param afterMs 0 or more
   * @throws VaultConfigurationError if it is no such number; another VaultError if Vault cannot be asked: the lease then ends at its old time
   */
  async shorten(afterMs: number): Promise<void> {
    if (afterMs !== 0) checkedMs(afterMs, 'afterMs');
    this.transition({ kind: 'ending', expiresAtMs: this.expiresAtMs });
    const incrementMs = Math.max(1_000, afterMs);
    const askedMs = Math.min(this.expiresAtMs, this.#keeper.nowMs() + incrementMs);
    try {
      const { fromMs, givenMs } = await this.#keeper.calls.renew(this.#leaseId, incrementMs);
      const endMs = believedEndMs(askedMs, fromMs + givenMs);
      this.transition({ kind: 'ending', expiresAtMs: Math.min(this.expiresAtMs, endMs) });
    } catch (error) {
      if (isNotRenewable(error)) return;
      if (!isLeaseGone(error)) throw error;
      this.release();
    }
  }

  /**
   * Ends the lease now. Without the right to revoke (the `default` policy lacks it) it is shortened to a second instead.
   * A lease that was released or reported lost is revoked as well: what looked lost may live on the server.
   * @param timeoutMs deadline of the call; default: the client's
   * @throws VaultError if Vault cannot be asked
   */
  async revoke(timeoutMs?: number): Promise<void> {
    if (timeoutMs !== undefined) checkedMs(timeoutMs, 'timeoutMs');
    if (this.#revoked) return;
    if (this.#state.kind !== 'ended') this.transition({ kind: 'ending', expiresAtMs: this.expiresAtMs });
    try {
      await this.#keeper.calls.revoke(this.#leaseId, timeoutMs);
    } catch (error) {
      if (!isLeaseGone(error)) throw error;
    }
    this.#revoked = true;
    this.transition({ kind: 'ended', expiresAtMs: this.#keeper.nowMs() }, { type: 'leaseRevoked', name: this.name });
  }

  /** No longer renews nor tracks it; it ends by itself. */
  release(): void {
    this.transition({ kind: 'ended', expiresAtMs: this.expiresAtMs });
  }

  /** @internal It is gone. */
  lose(reason: LeaseLostReason): void {
    const expiresAtMs = Math.min(this.expiresAtMs, this.#keeper.nowMs());
    this.transition({ kind: 'ended', expiresAtMs }, { type: 'leaseLost', name: this.name, reason });
  }

  /** @internal Moves to `state` unless the lease has ended, and announces `event`. */
  transition(state: LeaseState, event?: LeaseEvent): void {
    if (this.#state.kind === 'ended') return;
    this.#state = state;
    if (event !== undefined) this.#events.emit(event);
    this.#keeper.changed(this, event);
  }

  toJSON(): Record<string, unknown> {
    return { name: this.name, state: this.#state.kind, remainingMs: Math.round(this.remainingMs()) };
  }

  [inspect.custom](): string {
    return `TrackedLease ${inspect(this.toJSON())}`;
  }
}
