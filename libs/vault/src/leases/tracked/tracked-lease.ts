import { inspect } from 'node:util';
import type { VaultError } from '../../errors/vault-error.js';
import { checkedMs } from '../../support/checked/checked-ms.js';
import { TypedEvents } from '../../support/typed-events.js';
import type { LeaseExtension } from '../calls/lease-calls.js';
import type { ServerLease } from '../calls/server-lease.js';
import type { LeaseEndingReason, LeaseEvent, LeaseLostReason } from '../lease.events.js';
import { nextLeaseState, type LeaseState, type LeaseStep } from './lease-state.js';
import { believedEndMs } from './renewal-schedule.js';

/** Below this life a renewal gets no more time than the lease has left. */
const shortLifeMs = 10_000;

/** What a lease asks of the registry that keeps it. */
export interface LeaseKeeper {
  nowMs(): number;
  /** The state changed: the shared timer may have to move, and the listeners of all leases hear of it. */
  changed(lease: TrackedLease, event?: LeaseEvent): void;
}

export interface TrackedLeaseOptions {
  readonly name: string;
  readonly server: ServerLease;
  readonly tokenEpoch: number;
  readonly requestedMs: number;
  readonly state: LeaseState;
  readonly onListenerError: (error: unknown) => void;
}

/**
 * A lease of Vault that the registry keeps alive until it is released, revoked or cannot be extended.
 *
 * This folder decides what one lease is: its states and what moves it from one to the next, how long it is believed to live, and when it
 * is due. It does not decide when to ask Vault (`renewal/` does), nor what becomes of it with its token (`parent/` does).
 */
export class TrackedLease {
  /** What the lease is of, such as `database/creds/reader`: safe to show. */
  readonly name: string;
  /** The log-in whose token is the parent of the lease. */
  readonly tokenEpoch: number;
  /** TTL at the grant, in milliseconds: what renewals ask for. */
  readonly requestedMs: number;
  readonly #server: ServerLease;
  readonly #keeper: LeaseKeeper;
  readonly #events: TypedEvents<LeaseEvent>;
  #state: LeaseState;

  /** Made by `LeaseRegistry.track()`. */
  constructor(options: TrackedLeaseOptions, keeper: LeaseKeeper) {
    this.name = options.name;
    this.tokenEpoch = options.tokenEpoch;
    this.requestedMs = options.requestedMs;
    this.#server = options.server;
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
    return this.#msUntil(this.expiresAtMs);
  }

  /** @returns removes the listener */
  subscribe(listener: (event: LeaseEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  /** @internal Asks Vault for another `requestedMs`; the answer is the truth. */
  renew(): Promise<LeaseExtension> {
    // Near its end there is no use in waiting longer than the lease lives; else the client's own deadline holds.
    const remainingMs = this.remainingMs();
    return this.#server.renew(this.requestedMs, remainingMs < shortLifeMs ? Math.max(1_000, remainingMs) : undefined);
  }

  /** @internal Asks Vault what is left; undefined if that may not be asked. */
  lookUp(): Promise<LeaseExtension | undefined> {
    return this.#server.lookUp();
  }

  /**
   * Lets the lease end `afterMs` from now and no longer renews it. The server revokes it then, even if this process is gone.
   * @param afterMs 0 or more
   * @throws VaultConfigurationError if it is no such number; another VaultError if Vault cannot be asked: the lease then ends at its old time
   */
  async shorten(afterMs: number): Promise<void> {
    if (afterMs !== 0) checkedMs(afterMs, 'afterMs');
    this.#take({ type: 'ending', expiresAtMs: this.expiresAtMs });
    const incrementMs = Math.max(1_000, afterMs);
    const askedMs = Math.min(this.expiresAtMs, this.#keeper.nowMs() + incrementMs);
    const answer = await this.#server.shorten(incrementMs);
    if (answer === 'gone') this.release();
    else if (answer !== 'not-renewable') {
      const endMs = believedEndMs(askedMs, answer.fromMs + answer.givenMs);
      this.#take({ type: 'ending', expiresAtMs: Math.min(this.expiresAtMs, endMs) });
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
    this.#take({ type: 'ending', expiresAtMs: this.expiresAtMs });
    await this.#server.revoke(timeoutMs);
    this.#take({ type: 'ended', expiresAtMs: this.#keeper.nowMs() }, { type: 'leaseRevoked', name: this.name });
  }

  /** No longer renews nor tracks it; it ends by itself. */
  release(): void {
    this.#take({ type: 'ended', expiresAtMs: this.expiresAtMs });
  }

  /** @internal A renewal has moved its end. `next`: whether another one follows, or the lease ends then. */
  renewed(next: Extract<LeaseStep, { readonly type: 'renewed' | 'ending' }>): void {
    this.#take(next, { type: 'leaseRenewed', name: this.name, remainingMs: this.#msUntil(next.expiresAtMs) });
  }

  /** @internal A renewal failed, and is tried again at `dueAtMs`. */
  renewalFailed(error: VaultError, dueAtMs: number): void {
    this.#take({ type: 'failed', dueAtMs }, { type: 'leaseRenewalFailed', name: this.name, error, nextTryInMs: this.#msUntil(dueAtMs) });
  }

  /** @internal It lives until `expiresAtMs` and is not extended any more: whoever holds it has to know. */
  end(expiresAtMs: number, reason: LeaseEndingReason): void {
    const remainingMs = this.#msUntil(expiresAtMs);
    this.#take({ type: 'ending', expiresAtMs }, { type: 'leaseEnding', name: this.name, reason, remainingMs });
  }

  /** @internal It is gone. */
  lose(reason: LeaseLostReason): void {
    const expiresAtMs = Math.min(this.expiresAtMs, this.#keeper.nowMs());
    this.#take({ type: 'ended', expiresAtMs }, { type: 'leaseLost', name: this.name, reason });
  }

  toJSON(): Record<string, unknown> {
    return { name: this.name, state: this.#state.kind, remainingMs: Math.round(this.remainingMs()) };
  }

  [inspect.custom](): string {
    return `TrackedLease ${inspect(this.toJSON())}`;
  }

  #msUntil(atMs: number): number {
    return Math.max(0, atMs - this.#keeper.nowMs());
  }

  /** Moves to the next state, if there is one, and announces `event`. */
  #take(step: LeaseStep, event?: LeaseEvent): void {
    const next = nextLeaseState(this.#state, step);
    if (next === this.#state) return;
    this.#state = next;
    if (event !== undefined) this.#events.emit(event);
    this.#keeper.changed(this, event);
  }
}
