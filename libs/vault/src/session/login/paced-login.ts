import { VaultSessionClosedError } from '../../errors/vault-session-closed.error.js';
import { SingleFlight } from '../../support/single-flight.js';
import type { TypedEvents } from '../../support/typed-events.js';
import type { SessionLifecycle } from '../session-lifecycle.js';
import type { SessionEvent, TokenReplacedReason } from '../session.events.js';
import type { ReplacedTokens } from '../token/replaced-tokens.js';
import type { SessionToken } from '../token/session-token.js';
import type { TokenRotation } from '../token/token-rotation.js';
import type { BoundedLogin } from './bounded-login.js';
import { closedDuringLogin, sessionFailure } from './session-failure.js';

export interface PacedLoginOptions {
  /** Name of the auth method, for events. */
  readonly method: string;
  readonly bounded: BoundedLogin;
  readonly lifecycle: SessionLifecycle;
  readonly rotation: TokenRotation;
  readonly replaced: ReplacedTokens;
  readonly events: TypedEvents<SessionEvent>;
}

/**
 * One log-in at a time, for all who need one. After a failure the next one waits for its time: who asks meanwhile gets the last error at
 * once. This folder decides how a log-in runs: how long it may take, whether its facts can be counted with, and when it may be tried
 * again. What it obtains credentials from is `auth/`; what becomes of its token is `token/`.
 */
export class PacedLogin {
  readonly #options: PacedLoginOptions;
  readonly #flight = new SingleFlight<'login', SessionToken>();

  constructor(options: PacedLoginOptions) {
    this.#options = options;
  }

  get isUnderWay(): boolean {
    return this.#flight.has('login');
  }

  /**
   * Joins the log-in under way, or begins one whose token is then used.
   * @throws VaultSessionClosedError after the end of the session; the error of the log-in, or of the last one while it is too early
   */
  run(reason: TokenReplacedReason): Promise<SessionToken> {
    const { isClosed, pausedBy } = this.#options.lifecycle;
    if (isClosed) return Promise.reject(sessionClosed());
    if (pausedBy !== undefined && !this.isUnderWay) return Promise.reject(pausedBy);
    return this.#flight.run('login', () => this.#logIn(reason));
  }

  /** Resolves when the log-in under way, if there is one, has ended in either way. */
  settled(): Promise<void> {
    return this.#flight.settled('login');
  }

  async #logIn(reason: TokenReplacedReason): Promise<SessionToken> {
    const { bounded, lifecycle, rotation, replaced } = this.#options;
    const login = await bounded.run().catch((error: unknown) => this.#failed(error));
    if (lifecycle.isClosed) {
      await replaced.discard(login);
      throw closedDuringLogin();
    }
    try {
      return rotation.accept(login, reason);
    } catch (error) {
      return this.#failed(error);
    }
  }

  /** @throws the failure of the log-in; while the session is open it is told, and the next try waits */
  #failed(error: unknown): never {
    const { method, lifecycle, events } = this.#options;
    const failure = sessionFailure(error, `${method} log-in`);
    if (!lifecycle.isClosed) {
      const nextTryInMs = lifecycle.fail(failure);
      events.emit({ type: 'loginFailed', method, error: failure, nextTryInMs });
    }
    throw failure;
  }
}

function sessionClosed(): VaultSessionClosedError {
  return new VaultSessionClosedError('The Vault session is closed.', {
    remedy: 'The application is shutting down, or its start has failed.',
  });
}
