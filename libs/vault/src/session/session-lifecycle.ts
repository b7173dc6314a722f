import type { VaultError } from '../errors/vault-error.js';
import type { Clock } from '../support/time/clock.js';
import { tokenDueAtMs, type RenewalTiming } from './session-schedule.js';
import { nextSessionState, tokenOf, type SessionStep, type SessionState } from './session-state.js';
import type { SessionToken } from './token/session-token.js';

export interface SessionLifecycleOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly timing: RenewalTiming;
  /** The token is due, or the next try after a failure. */
  readonly onDue: () => void;
}

/** Where the session stands, and the one timer that wakes it. Each change of the state sets the timer anew. */
export class SessionLifecycle {
  readonly #options: SessionLifecycleOptions;
  #state: SessionState = { kind: 'idle' };
  #cancelTimer: () => void = () => undefined;

  constructor(options: SessionLifecycleOptions) {
    this.#options = options;
  }

  get state(): SessionState {
    return this.#state;
  }

  get isClosed(): boolean {
    return this.#state.kind === 'closed';
  }

  /** The token in use, whether or not it has expired. */
  get token(): SessionToken | undefined {
    return tokenOf(this.#state);
  }

  /** The token in use, if it has not expired. */
  get liveToken(): SessionToken | undefined {
    const { token } = this;
    return token !== undefined && token.expiresAtMs > this.#options.clock.nowMs() ? token : undefined;
  }

  /** The last failure, while it is too early for another log-in. */
  get pausedBy(): VaultError | undefined {
    return this.#state.kind === 'failing' && this.#options.clock.nowMs() < this.#state.nextTryAtMs ? this.#state.error : undefined;
  }

  /** `token` is in use from now on, or has a new life. */
  hold(token: SessionToken): void {
    this.#take({ type: 'obtained', token });
    this.wakeAt(tokenDueAtMs(token, this.#options.timing, this.#options.random()));
  }

  /** A try failed: the token that still lives is kept. @returns the milliseconds until the next try */
  fail(error: VaultError): number {
    const nowMs = this.#options.clock.nowMs();
    const state = this.#take({ type: 'failed', error, nowMs, random: this.#options.random() });
    if (state.kind !== 'failing') return Number.POSITIVE_INFINITY;
    this.wakeAt(state.nextTryAtMs);
    return state.nextTryAtMs - nowMs;
  }

  close(): void {
    this.#take({ type: 'closed' });
    this.#cancelTimer();
  }

  /** Moves the timer to `atMs`, or to now if that has passed; a closed session is not woken. */
  wakeAt(atMs: number): void {
    this.#cancelTimer();
    if (this.isClosed || atMs === Number.POSITIVE_INFINITY) return;
    const { clock, onDue } = this.#options;
    this.#cancelTimer = clock.setTimer(onDue, Math.max(0, atMs - clock.nowMs()), 'vault:token');
  }

  #take(step: SessionStep): SessionState {
    this.#state = nextSessionState(this.#state, step);
    return this.#state;
  }
}
