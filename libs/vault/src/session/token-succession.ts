import type { Clock } from '../support/clock.js';
import type { TypedEvents } from '../support/typed-events.js';
import type { CheckedLogin } from './checked-login.js';
import type { SessionToken } from './session-state.js';
import type { SessionEvent, TokenReplacedReason } from './session.events.js';
import type { TokenCalls } from './token-calls.js';

export interface TokenSuccessionOptions {
  /** Name of the auth method, for events. */
  readonly method: string;
  readonly calls: TokenCalls;
  readonly clock: Clock;
  readonly events: TypedEvents<SessionEvent>;
}

/** Longer than a Vault that answers takes; one that hangs must not hold up the end of the process. */
const revokeTimeoutMs = 2_000;

/** The tokens of a session, one after the other: numbers them, and remembers those that were replaced while they live. */
export class TokenSuccession {
  readonly #options: TokenSuccessionOptions;
  #superseded: readonly SessionToken[] = [];
  #epoch = 0;

  constructor(options: TokenSuccessionOptions) {
    this.#options = options;
  }

  /** Number of the log-in whose token is in use; 0 before the first. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The token of a log-in. A method that hands out the same token again, such as a fixed one, begins no new epoch. */
  next({ token, ttlSeconds, sentAtMs, renewable, owned }: CheckedLogin, previous: SessionToken | undefined): SessionToken {
    if (previous === undefined || previous.credential.value.reveal() !== token.reveal()) this.#epoch += 1;
    const ttlMs = ttlSeconds * 1_000;
    return {
      credential: { value: token, epoch: this.#epoch },
      acquiredAtMs: sentAtMs,
      expiresAtMs: ttlMs === 0 ? Number.POSITIVE_INFINITY : sentAtMs + ttlMs,
      ttlMs,
      renewable,
      owned,
    };
  }

  /** Announces that `token` is in use now, and what becomes of `previous`. */
  announce(token: SessionToken, previous: SessionToken | undefined, reason: TokenReplacedReason): void {
    const { method, events } = this.#options;
    const { credential, ttlMs, renewable } = token;
    events.emit({ type: 'loggedIn', method, epoch: credential.epoch, ttlMs, renewable });
    if (previous !== undefined && previous.credential.epoch !== credential.epoch) this.#supersede(previous, reason);
  }

  /**
   * Revokes `current` and every token before it that still lives, where they were made for this session. Never rejects.
   * @returns how many were revoked, and how many live on because Vault did not say so
   */
  async revokeAll(current: SessionToken | undefined): Promise<{ readonly revoked: number; readonly leftAlive: number }> {
    const nowMs = this.#options.clock.nowMs();
    const open = current === undefined ? this.#superseded : [...this.#superseded, current];
    const owned = open.filter((token) => token.owned && token.expiresAtMs > nowMs);
    const outcomes = await Promise.allSettled(owned.map(({ credential }) => this.#options.calls.revokeSelf(credential, revokeTimeoutMs)));
    const revoked = outcomes.filter(({ status }) => status === 'fulfilled').length;
    return { revoked, leftAlive: outcomes.length - revoked };
  }

  /** Revokes the token of a log-in that came too late to be used. Never rejects. */
  async discard({ owned, token }: Pick<CheckedLogin, 'owned' | 'token'>): Promise<void> {
    if (owned) await this.#options.calls.revokeSelf({ value: token, epoch: 0 }, revokeTimeoutMs).catch(() => undefined);
  }

  #supersede(previous: SessionToken, reason: TokenReplacedReason): void {
    const nowMs = this.#options.clock.nowMs();
    const isDead = reason === 'revoked';
    this.#superseded = [...this.#superseded, ...(isDead ? [] : [previous])].filter(({ expiresAtMs }) => expiresAtMs > nowMs);
    const previousExpiresAtMs = isDead ? nowMs : previous.expiresAtMs;
    this.#options.events.emit({ type: 'tokenReplaced', previousEpoch: previous.credential.epoch, previousExpiresAtMs, reason });
  }
}
