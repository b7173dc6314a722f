import type { Clock } from '../../support/time/clock.js';
import type { TypedEvents } from '../../support/typed-events.js';
import type { CheckedLogin } from '../login/checked-login.js';
import type { SessionToken } from '../session-state.js';
import type { SessionEvent, TokenReplacedReason } from '../session.events.js';
import type { TokenCalls } from './token-calls.js';
import { TokenUses } from './token-uses.js';

export interface TokenSuccessionOptions {
  /** Name of the auth method, for events. */
  readonly method: string;
  readonly calls: TokenCalls;
  readonly clock: Clock;
  readonly events: TypedEvents<SessionEvent>;
}

/** Longer than a Vault that answers takes; one that hangs must not hold up the end of the process. */
const revokeTimeoutMs = 2_000;

/** For the revocation of the token; for the look-up that is the next log-in, where the token was given. */
const keptUses = 1;
/** Share of what is left of a spent token's life after which its leases are told that they end. */
const spentShare = 0.7;

/** The tokens of a session, one after the other: numbers them, and remembers those that were replaced while they live. */
export class TokenSuccession {
  readonly #options: TokenSuccessionOptions;
  #superseded: readonly SessionToken[] = [];
  readonly #ending = new Set<Promise<void>>();
  readonly #cancelTimers = new Set<() => void>();
  #epoch = 0;

  constructor(options: TokenSuccessionOptions) {
    this.#options = options;
  }

  /** Number of the log-in whose token is in use; 0 before the first. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The token of a log-in. A method that hands out the same token again, such as a fixed one, begins no new epoch. */
  next({ token, ttlSeconds, sentAtMs, renewable, owned, uses: total }: CheckedLogin, previous: SessionToken | undefined): SessionToken {
    const same = previous?.credential.value.reveal() === token.reveal() ? previous : undefined;
    if (same === undefined) this.#epoch += 1;
    // A token that is handed out again has no more uses than were left of it, and calls under way that Vault has not counted yet.
    const uses = total === undefined ? undefined : new TokenUses(Math.min(total, same?.uses?.left ?? total), keptUses);
    const ttlMs = ttlSeconds * 1_000;
    return {
      credential: { value: token, epoch: this.#epoch, limited: uses },
      acquiredAtMs: sentAtMs,
      expiresAtMs: ttlMs === 0 ? Number.POSITIVE_INFINITY : sentAtMs + ttlMs,
      ttlMs,
      renewable,
      owned,
      uses,
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
    for (const cancel of this.#cancelTimers) cancel();
    await Promise.all(this.#ending);
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
    if (reason === 'uses-spent') {
      this.#retire(previous);
      return;
    }
    const isDead = reason === 'revoked';
    this.#superseded = [...this.#superseded, ...(isDead ? [] : [previous])].filter(({ expiresAtMs }) => expiresAtMs > nowMs);
    const previousExpiresAtMs = isDead ? nowMs : previous.expiresAtMs;
    this.#options.events.emit({ type: 'tokenReplaced', previousEpoch: previous.credential.epoch, previousExpiresAtMs, reason });
  }

  /**
   * A token without a use left lives on until its last call has ended. Then it is revoked, so that not one lives on for each few calls,
   * unless a lease would end with it: that token is kept until it would have been replaced for its age.
   */
  #retire(spent: SessionToken): void {
    const nowMs = this.#options.clock.nowMs();
    this.#superseded = [...this.#superseded.filter(({ expiresAtMs }) => expiresAtMs > nowMs), spent];
    spent.uses?.retire((leased) => {
      if (leased) this.#endLater(spent);
      else {
        const end = this.#end(spent).finally(() => this.#ending.delete(end));
        this.#ending.add(end);
      }
    });
  }

  async #end(spent: SessionToken): Promise<void> {
    const { clock, calls } = this.#options;
    this.#superseded = this.#superseded.filter((token) => token !== spent);
    try {
      if (spent.owned) await calls.revokeSelf(spent.credential, revokeTimeoutMs);
    } catch {
      // Tried again at the end of the session.
      this.#superseded = [...this.#superseded, spent];
    }
    this.#replaced(spent, clock.nowMs());
  }

  #endLater(spent: SessionToken): void {
    const { clock } = this.#options;
    if (spent.expiresAtMs === Number.POSITIVE_INFINITY) return;
    const leftMs = spent.expiresAtMs - clock.nowMs();
    const cancel = clock.setTimer(
      () => {
        this.#cancelTimers.delete(cancel);
        this.#replaced(spent, spent.expiresAtMs);
      },
      Math.max(0, leftMs * spentShare),
    );
    this.#cancelTimers.add(cancel);
  }

  #replaced({ credential: { epoch } }: SessionToken, previousExpiresAtMs: number): void {
    this.#options.events.emit({ type: 'tokenReplaced', previousEpoch: epoch, previousExpiresAtMs, reason: 'uses-spent' });
  }
}
