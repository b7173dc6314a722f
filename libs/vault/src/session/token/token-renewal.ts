import type { TypedEvents } from '../../support/typed-events.js';
import { isRenewalRefusal, sessionFailure } from '../login/session-failure.js';
import type { SessionLifecycle } from '../session-lifecycle.js';
import { isTruncated } from '../session-schedule.js';
import type { SessionEvent, TokenReplacedReason } from '../session.events.js';
import type { SessionToken } from './session-token.js';
import type { RenewedLife, TokenCalls } from './token-calls.js';
import type { TokenLiveness } from './token-liveness.js';

export interface TokenRenewalOptions {
  readonly lifecycle: SessionLifecycle;
  readonly calls: TokenCalls;
  readonly liveness: TokenLiveness;
  readonly events: TypedEvents<SessionEvent>;
}

/** Renews the token in use, and tells when only another log-in can help. */
export class TokenRenewal {
  readonly #options: TokenRenewalOptions;

  constructor(options: TokenRenewalOptions) {
    this.#options = options;
  }

  /**
   * Renews `token`. Never rejects. An outcome that comes after the token was replaced, or the session closed, changes nothing.
   * @returns why another log-in has to follow; undefined if none has to
   */
  async run(token: SessionToken): Promise<TokenReplacedReason | undefined> {
    try {
      const life = await this.#options.calls.renewSelf(token.credential);
      if (this.#isInUse(token)) this.#renewed(token, life);
      return undefined;
    } catch (error) {
      return this.#isInUse(token) ? this.#failed(token, error) : undefined;
    }
  }

  #isInUse(token: SessionToken): boolean {
    return this.#options.lifecycle.token === token;
  }

  #renewed(token: SessionToken, { ttlMs, renewable, sentAtMs }: RenewedLife): void {
    const cut = isTruncated(ttlMs, token.ttlMs);
    this.#options.lifecycle.hold({
      ...token,
      acquiredAtMs: sentAtMs,
      expiresAtMs: sentAtMs + ttlMs,
      ttlMs: Math.max(ttlMs, token.ttlMs),
      renewable: renewable && !cut,
    });
    this.#options.events.emit({ type: 'tokenRenewed', epoch: token.credential.epoch, ttlMs });
  }

  async #failed(token: SessionToken, error: unknown): Promise<TokenReplacedReason | undefined> {
    const { lifecycle, liveness, events } = this.#options;
    const failure = sessionFailure(error, 'renewal of the token');
    const refused = isRenewalRefusal(failure);
    const nextTryInMs = refused ? 0 : lifecycle.fail(failure);
    events.emit({ type: 'tokenRenewalFailed', error: failure, nextTryInMs });
    if (!refused) return undefined;
    const verdict = await liveness.verdict(token.credential);
    // A refused call may have found out, too, and have logged in meanwhile.
    if (!this.#isInUse(token)) return undefined;
    return verdict === 'dead' ? 'revoked' : 'renewal-failed';
  }
}
