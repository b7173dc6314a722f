import type { Clock } from '../../support/time/clock.js';
import type { TypedEvents } from '../../support/typed-events.js';
import type { CheckedLogin } from '../login/checked-login.js';
import type { SessionEvent, TokenReplacedReason } from '../session.events.js';
import type { SessionToken } from './session-token.js';
import type { TokenCalls } from './token-calls.js';

export interface ReplacedTokensOptions {
  readonly calls: TokenCalls;
  readonly clock: Clock;
  readonly events: TypedEvents<SessionEvent>;
}

/** Longer than a Vault that answers takes; one that hangs must not hold up the end of the process. */
const revokeTimeoutMs = 2_000;
/** Share of what is left of a spent token's life after which its leases are told that they end. */
const spentShare = 0.7;

/**
 * The tokens of a session that another log-in has replaced. Their leases hang on them, so they live on until their TTL ends or the session
 * does. Only a token without a use left is revoked sooner.
 */
export class ReplacedTokens {
  readonly #options: ReplacedTokensOptions;
  #alive: readonly SessionToken[] = [];
  readonly #revocations = new Set<Promise<void>>();
  readonly #cancelTimers = new Set<() => void>();

  constructor(options: ReplacedTokensOptions) {
    this.#options = options;
  }

  /** `token` is not used for new calls any more; its leases end when it does. */
  add(token: SessionToken, reason: TokenReplacedReason): void {
    if (reason === 'uses-spent') {
      this.#retire(token);
      return;
    }
    const nowMs = this.#options.clock.nowMs();
    const isDead = reason === 'revoked';
    if (!isDead) this.#keep(token);
    this.#tell(token, isDead ? nowMs : token.expiresAtMs, reason);
  }

  /**
   * Revokes `current` and every token before it that still lives, where they were made for this session. Never rejects.
   * @returns how many were revoked, and how many live on because Vault did not say so
   */
  async revokeAll(current: SessionToken | undefined): Promise<{ readonly revoked: number; readonly leftAlive: number }> {
    for (const cancel of this.#cancelTimers) cancel();
    await Promise.all(this.#revocations);
    const nowMs = this.#options.clock.nowMs();
    const open = current === undefined ? this.#alive : [...this.#alive, current];
    const owned = open.filter((token) => token.owned && token.expiresAtMs > nowMs);
    const outcomes = await Promise.allSettled(owned.map(({ credential }) => this.#options.calls.revokeSelf(credential, revokeTimeoutMs)));
    const revoked = outcomes.filter(({ status }) => status === 'fulfilled').length;
    return { revoked, leftAlive: outcomes.length - revoked };
  }

  /** Revokes the token of a log-in that is not used, as it came too late. Never rejects. */
  async discard({ owned, token }: Pick<CheckedLogin, 'owned' | 'token'>): Promise<void> {
    if (owned) await this.#options.calls.revokeSelf({ value: token, epoch: 0 }, revokeTimeoutMs).catch(() => undefined);
  }

  #keep(token: SessionToken): void {
    const nowMs = this.#options.clock.nowMs();
    this.#alive = [...this.#alive, token].filter(({ expiresAtMs }) => expiresAtMs > nowMs);
  }

  /**
   * A token without a use left lives on until its last call has ended. Then it is revoked, so that not one lives on for each few calls.
   * If a lease would end with it, it is kept instead, until it would have been replaced for its age.
   */
  #retire(spent: SessionToken): void {
    this.#keep(spent);
    spent.uses?.retire((leased) => {
      if (leased) this.#tellLater(spent);
      else {
        const revocation = this.#revoke(spent).finally(() => this.#revocations.delete(revocation));
        this.#revocations.add(revocation);
      }
    });
  }

  async #revoke(spent: SessionToken): Promise<void> {
    const { clock, calls } = this.#options;
    this.#alive = this.#alive.filter((token) => token !== spent);
    try {
      if (spent.owned) await calls.revokeSelf(spent.credential, revokeTimeoutMs);
    } catch {
      // Tried again at the end of the session.
      this.#alive = [...this.#alive, spent];
    }
    this.#tell(spent, clock.nowMs(), 'uses-spent');
  }

  #tellLater(spent: SessionToken): void {
    const { clock } = this.#options;
    if (spent.expiresAtMs === Number.POSITIVE_INFINITY) return;
    const leftMs = spent.expiresAtMs - clock.nowMs();
    const cancel = clock.setTimer(
      () => {
        this.#cancelTimers.delete(cancel);
        this.#tell(spent, spent.expiresAtMs, 'uses-spent');
      },
      Math.max(0, leftMs * spentShare),
    );
    this.#cancelTimers.add(cancel);
  }

  #tell({ credential: { epoch } }: SessionToken, previousExpiresAtMs: number, reason: TokenReplacedReason): void {
    this.#options.events.emit({ type: 'tokenReplaced', previousEpoch: epoch, previousExpiresAtMs, reason });
  }
}
