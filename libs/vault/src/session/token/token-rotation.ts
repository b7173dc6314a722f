import type { Clock } from '../../support/time/clock.js';
import type { TypedEvents } from '../../support/typed-events.js';
import type { CheckedLogin } from '../login/checked-login.js';
import { noUseLeft } from '../login/session-failure.js';
import type { SessionLifecycle } from '../session-lifecycle.js';
import type { SessionEvent, TokenReplacedReason } from '../session.events.js';
import type { ReplacedTokens } from './replaced-tokens.js';
import type { SessionToken } from './session-token.js';
import type { TokenLiveness } from './token-liveness.js';
import { TokenUses } from './token-uses.js';

export interface TokenRotationOptions {
  /** Name of the auth method, for events. */
  readonly method: string;
  readonly lifecycle: SessionLifecycle;
  readonly liveness: TokenLiveness;
  readonly replaced: ReplacedTokens;
  readonly clock: Clock;
  readonly events: TypedEvents<SessionEvent>;
  /** Called with whom the token in use makes us. */
  readonly onIdentity: ((identity: string) => void) | undefined;
}

/** Kept of the uses of a token: for its revocation, or for the look-up that is the next log-in where the token was given. */
const keptUses = 1;

/**
 * Puts the token of a log-in in the place of the one in use, numbers the log-ins, and says so. This folder decides what becomes of
 * tokens: which one is in use, how it is renewed, whether it lives, and when one that was replaced is revoked. It does not log in
 * (`login/` does), and does not judge a 403 (`rejection/` does).
 */
export class TokenRotation {
  readonly #options: TokenRotationOptions;
  #epoch = 0;
  #loggedInAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: TokenRotationOptions) {
    this.#options = options;
  }

  /** Number of the log-in whose token is in use; 0 before the first. */
  get epoch(): number {
    return this.#epoch;
  }

  /** When the token in use was put to use, on the monotonic clock. */
  get loggedInAtMs(): number {
    return this.#loggedInAtMs;
  }

  /**
   * Uses the token of `login` from now on.
   * @param reason why it replaces the one in use, if there is one
   * @throws VaultAuthenticationError if the token has no use left
   */
  accept(login: CheckedLogin, reason: TokenReplacedReason): SessionToken {
    const { method, lifecycle, liveness, replaced, clock, events, onIdentity } = this.#options;
    const previous = lifecycle.token;
    const token = this.#tokenOf(login, previous);
    if (token.uses?.left === 0) throw noUseLeft(method);
    if (login.canLookUpSelf === true) liveness.confirm();
    this.#loggedInAtMs = clock.nowMs();
    onIdentity?.(login.identity);
    lifecycle.hold(token);
    const { credential, ttlMs, renewable } = token;
    events.emit({ type: 'loggedIn', method, epoch: credential.epoch, ttlMs, renewable });
    if (previous !== undefined && previous.credential.epoch !== credential.epoch) replaced.add(previous, reason);
    return token;
  }

  /** A method that hands out the same token again, such as a fixed one, begins no new epoch. */
  #tokenOf({ token, ttlSeconds, sentAtMs, renewable, owned, uses: total }: CheckedLogin, previous: SessionToken | undefined): SessionToken {
    const same = previous?.credential.value.reveal() === token.reveal() ? previous : undefined;
    if (same === undefined) this.#epoch += 1;
    // The answer may not count calls under way: a token that is handed out again has no more uses than were left of it.
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
}
