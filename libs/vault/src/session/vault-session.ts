import type { AuthMethod } from '../auth/auth-method.js';
import type { TokenSource } from '../client/interceptors/token-source.js';
import type { VaultHandler } from '../client/call/vault-handler.js';
import type { VaultCredential } from '../client/request/vault-request.js';
import { VaultAbortedError } from '../errors/vault-aborted.error.js';
import { abandonable } from '../support/abandonable.js';
import type { Clock } from '../support/time/clock.js';
import type { TypedEvents } from '../support/typed-events.js';
import { withinTime } from '../support/time/within-time.js';
import { BoundedLogin } from './login/bounded-login.js';
import { PacedLogin } from './login/paced-login.js';
import { closedDuringLogin, noUseLeft } from './login/session-failure.js';
import { LoginTrial } from './rejection/login-trial.js';
import { RejectedTokens } from './rejection/rejected-tokens.js';
import { SessionLifecycle } from './session-lifecycle.js';
import { endsTooSoon, sessionPaceMs, type RenewalTiming } from './session-schedule.js';
import type { SessionState } from './session-state.js';
import type { SessionEvent } from './session.events.js';
import { ReplacedTokens } from './token/replaced-tokens.js';
import { TokenCalls } from './token/token-calls.js';
import { TokenLiveness } from './token/token-liveness.js';
import { TokenRenewal } from './token/token-renewal.js';
import { TokenRotation } from './token/token-rotation.js';

export interface VaultSessionOptions {
  readonly method: AuthMethod;
  /** How long a log-in may take, in milliseconds, before it is given up. */
  readonly loginTimeoutMs: number;
  /** Sends a request below the auth interceptor. */
  readonly send: VaultHandler;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timing: RenewalTiming;
  readonly events: TypedEvents<SessionEvent>;
  /** Called with whom the token in use makes us, at each log-in whose token is used. */
  readonly onIdentity?: ((identity: string) => void) | undefined;
}

/** How long the shutdown waits for a log-in under way. */
const lateLoginMs = 2_000;

/**
 * The one owner of the token: logs in, renews it, replaces it, and revokes it at shutdown.
 *
 * The session decides when each of these has to happen, and which token a call carries. It leaves the how to its folders: `login/` runs a
 * log-in, `token/` renews and replaces, `rejection/` judges a 403. Where credentials come from is `auth/`; which calls carry a token, and
 * that a rejected call is sent once more, is the auth interceptor in `client/`; leases that hang on a token are `leases/`.
 */
export class VaultSession implements TokenSource {
  readonly #options: VaultSessionOptions;
  readonly #lifecycle: SessionLifecycle;
  readonly #bounded: BoundedLogin;
  readonly #login: PacedLogin;
  readonly #replaced: ReplacedTokens;
  readonly #rotation: TokenRotation;
  readonly #renewal: TokenRenewal;
  readonly #rejected: RejectedTokens;

  constructor(options: VaultSessionOptions) {
    this.#options = options;
    const { send, clock, random, timing, events, loginTimeoutMs: timeoutMs, onIdentity } = options;
    const method = options.method.name;
    const calls = new TokenCalls(send, options.method.namespace);
    const liveness = new TokenLiveness(calls);
    const lifecycle = new SessionLifecycle({ clock, random, timing, onDue: () => void this.#wake() });
    const replaced = new ReplacedTokens({ calls, clock, events });
    const rotation = new TokenRotation({ method, lifecycle, liveness, replaced, clock, events, onIdentity });
    const bounded = new BoundedLogin({ method: options.method, send, clock, timeoutMs, onLate: (late) => replaced.discard(late) });
    const login = new PacedLogin({ method, bounded, lifecycle, rotation, replaced, events });
    const trial = new LoginTrial({
      method,
      login: bounded,
      clock,
      random,
      liveness,
      onFailure: (error, nextTryInMs) => {
        if (!lifecycle.isClosed) events.emit({ type: 'loginFailed', method, error, nextTryInMs });
      },
    });
    this.#lifecycle = lifecycle;
    this.#bounded = bounded;
    this.#login = login;
    this.#replaced = replaced;
    this.#rotation = rotation;
    this.#renewal = new TokenRenewal({ lifecycle, calls, liveness, events });
    this.#rejected = new RejectedTokens({ lifecycle, liveness, login, trial, rotation, replaced });
  }

  /** Name of the auth method in use. */
  get method(): string {
    return this.#options.method.name;
  }

  /** Where the session stands; holds no token in readable form. */
  get state(): SessionState {
    return this.#lifecycle.state;
  }

  /** Number of the log-in whose token is in use. */
  get epoch(): number {
    return this.#rotation.epoch;
  }

  /** Milliseconds that the token still lives: `Infinity` if it does not expire, 0 if there is none. Never negative. */
  remainingMs(): number {
    const { token } = this.#lifecycle;
    return token === undefined ? 0 : Math.max(0, token.expiresAtMs - this.#options.clock.nowMs());
  }

  /**
   * The live token; logs in when there is none.
   * @throws VaultAuthenticationError, VaultUnreachableError and the like if the log-in fails; VaultSessionClosedError after `close()`
   */
  current(): Promise<VaultCredential> | VaultCredential {
    const token = this.#lifecycle.liveToken;
    if (token !== undefined && (token.uses === undefined || token.uses.take())) return token.credential;
    return this.#usable();
  }

  /**
   * Logs in anew where the token in use ends before `untilMs` on the monotonic clock and cannot be extended, as a batch token. What is made
   * under such a token would end with it, and have to be made again soon. While nearly its whole life is left nothing happens: another
   * token would not live longer.
   * @throws the error of the log-in; VaultAbortedError if `signal` aborts before it has ended
   */
  async outlive(untilMs: number, signal?: AbortSignal): Promise<void> {
    const token = this.#lifecycle.liveToken;
    if (token === undefined || !endsTooSoon(token, this.#options.clock.nowMs(), untilMs)) return;
    await abandonable(this.#login.run('max-ttl'), signal, () => new VaultAbortedError('The caller no longer waits for the log-in.'));
  }

  /** Logs in until there is a use for this caller: others who waited for the same log-in may have taken all of its uses. */
  async #usable(): Promise<VaultCredential> {
    const { clock, loginTimeoutMs } = this.#options;
    const untilMs = clock.nowMs() + loginTimeoutMs;
    do {
      const live = this.#lifecycle.liveToken;
      const reason = live === undefined ? 'expired' : 'uses-spent';
      const token = live === undefined || live.uses?.left === 0 ? await this.#login.run(reason) : live;
      if (token.uses === undefined || token.uses.take()) return token.credential;
    } while (clock.nowMs() < untilMs);
    throw noUseLeft(this.method);
  }

  replaceRejected(rejected: VaultCredential): Promise<VaultCredential | undefined> {
    return this.#rejected.replace(rejected);
  }

  /** Renews the token at once, or a second after it was made; while log-ins fail they keep their pace. */
  renewNow(): void {
    const { state } = this.#lifecycle;
    if (state.kind === 'authenticated') this.#lifecycle.wakeAt(state.token.acquiredAtMs + sessionPaceMs);
  }

  /** Stops renewing and revokes the tokens that were made for this session. Idempotent; never rejects. */
  async close(): Promise<void> {
    if (this.#lifecycle.isClosed) return;
    const { token } = this.#lifecycle;
    this.#lifecycle.close();
    // A log-in under way may still make a token: it is revoked as it arrives, before the connections close.
    if (this.#login.isUnderWay || this.#rejected.isChecking(this.epoch)) await this.#loginsEnded();
    this.#options.events.emit({ type: 'sessionClosed', ...(await this.#replaced.revokeAll(token)) });
  }

  /** Waits for log-ins under way, but not for ones that hang. */
  async #loginsEnded(): Promise<void> {
    const ended = Promise.all([this.#login.settled(), this.#rejected.settled(this.epoch)]);
    await withinTime(ended, { clock: this.#options.clock, timeoutMs: lateLoginMs, expired: closedDuringLogin }).catch(() => undefined);
    this.#bounded.abort();
  }

  /** The token is due, or the next try after a failure: a token that can be renewed is, another is replaced. */
  async #wake(): Promise<void> {
    const live = this.#lifecycle.liveToken;
    const canRenew = live !== undefined && live.renewable && live.uses?.spend() !== false;
    const reason = canRenew ? await this.#renewal.run(live) : live === undefined ? 'expired' : 'max-ttl';
    // A failure is announced as loginFailed, and the next try is armed.
    if (reason !== undefined) await this.#login.run(reason).catch(() => undefined);
  }
}
