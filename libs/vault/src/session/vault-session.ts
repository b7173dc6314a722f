import type { AuthMethod } from '../auth/auth-method.js';
import type { TokenSource } from '../client/interceptors/token-source.js';
import type { VaultHandler } from '../client/call/vault-handler.js';
import type { VaultCredential } from '../client/request/vault-request.js';
import { VaultAbortedError } from '../errors/vault-aborted.error.js';
import { VaultSessionClosedError } from '../errors/vault-session-closed.error.js';
import type { VaultError } from '../errors/vault-error.js';
import { abandonable } from '../support/abandonable.js';
import type { Clock } from '../support/time/clock.js';
import { SingleFlight } from '../support/single-flight.js';
import type { TypedEvents } from '../support/typed-events.js';
import { withinTime } from '../support/time/within-time.js';
import { BoundedLogin } from './login/bounded-login.js';
import type { CheckedLogin } from './login/checked-login.js';
import { LoginTrial } from './login/login-trial.js';
import { closedDuringLogin, isRenewalRefusal, noUseLeft, sessionFailure } from './login/session-failure.js';
import { endsTooSoon, isTruncated, sessionPaceMs, tokenDueAtMs, tokenRetryDelayMs, type RenewalTiming } from './session-schedule.js';
import { tokenOf, type SessionState, type SessionToken } from './session-state.js';
import type { SessionEvent, TokenReplacedReason } from './session.events.js';
import { TokenCalls } from './token/token-calls.js';
import { TokenLiveness } from './token/token-liveness.js';
import { TokenSuccession } from './token/token-succession.js';

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
 * The one owner of the token: logs in, renews at a fraction of the TTL, logs in again when renewal fails or is cut short,
 * one log-in at a time, and revokes at shutdown. Failed log-ins are paced: who asks meanwhile gets the last error at once.
 */
export class VaultSession implements TokenSource {
  readonly #options: VaultSessionOptions;
  readonly #calls: TokenCalls;
  readonly #logins = new SingleFlight<'login', SessionToken>();
  readonly #checks = new SingleFlight<number, VaultCredential | undefined>();
  readonly #liveness: TokenLiveness;
  readonly #succession: TokenSuccession;
  readonly #bounded: BoundedLogin;
  readonly #trial: LoginTrial;
  #state: SessionState = { kind: 'idle' };
  #loggedInAtMs = Number.NEGATIVE_INFINITY;
  #cancelTimer: () => void = () => undefined;

  constructor(options: VaultSessionOptions) {
    this.#options = options;
    this.#calls = new TokenCalls(options.send, options.method.namespace);
    this.#liveness = new TokenLiveness(this.#calls);
    const { method, send, clock, events, loginTimeoutMs } = options;
    this.#succession = new TokenSuccession({ method: method.name, calls: this.#calls, clock, events });
    const onLate = (result: CheckedLogin): Promise<void> => this.#succession.discard(result);
    this.#bounded = new BoundedLogin({ method, send, clock, timeoutMs: loginTimeoutMs, onLate });
    const onFailure = (error: VaultError, nextTryInMs: number): void => {
      if (!this.#isClosed()) events.emit({ type: 'loginFailed', method: method.name, error, nextTryInMs });
    };
    this.#trial = new LoginTrial({ ...options, method: method.name, login: this.#bounded, liveness: this.#liveness, onFailure });
  }

  /** Name of the auth method in use. */
  get method(): string {
    return this.#options.method.name;
  }

  /** Where the session stands; holds no token in readable form. */
  get state(): SessionState {
    return this.#state;
  }

  /** Number of the log-in whose token is in use. */
  get epoch(): number {
    return this.#succession.epoch;
  }

  /** Milliseconds that the token still lives: `Infinity` if it does not expire, 0 if there is none. Never negative. */
  remainingMs(): number {
    const token = tokenOf(this.#state);
    return token === undefined ? 0 : Math.max(0, token.expiresAtMs - this.#options.clock.nowMs());
  }

  /**
   * The live token; logs in when there is none.
   * @throws VaultAuthenticationError, VaultUnreachableError and the like if the log-in fails; VaultSessionClosedError after `close()`
   */
  current(): Promise<VaultCredential> | VaultCredential {
    const token = this.#live();
    if (token !== undefined && (token.uses === undefined || token.uses.take())) return token.credential;
    return this.#usable();
  }

  /**
   * Logs in anew where the token in use ends before `untilMs` on the monotonic clock and cannot be extended, as a batch token: what is made
   * under it would end with it, and have to be made again soon. Not while nearly its whole life is left: another would not live longer.
   * @throws the error of the log-in; VaultAbortedError if `signal` aborts before it has ended
   */
  async outlive(untilMs: number, signal?: AbortSignal): Promise<void> {
    const token = this.#live();
    if (token === undefined || !endsTooSoon(token, this.#options.clock.nowMs(), untilMs)) return;
    await abandonable(this.#login('max-ttl'), signal, () => new VaultAbortedError('The caller no longer waits for the log-in.'));
  }

  /** The token that lives. */
  #live(): SessionToken | undefined {
    const token = tokenOf(this.#state);
    return token !== undefined && token.expiresAtMs > this.#options.clock.nowMs() ? token : undefined;
  }

  /** Logs in until there is a use for this caller: others who waited for the same log-in may have taken all of its uses. */
  async #usable(): Promise<VaultCredential> {
    const { clock, loginTimeoutMs } = this.#options;
    const untilMs = clock.nowMs() + loginTimeoutMs;
    do {
      const live = this.#live();
      const reason = live === undefined ? 'expired' : 'uses-spent';
      const token = live === undefined || live.uses?.left === 0 ? await this.#login(reason) : live;
      if (token.uses === undefined || token.uses.take()) return token.credential;
    } while (clock.nowMs() < untilMs);
    throw noUseLeft(this.method);
  }

  replaceRejected(rejected: VaultCredential): Promise<VaultCredential | undefined> {
    return this.#checks.run(rejected.epoch, () => this.#replaceOnce(rejected));
  }

  /** Renews the token at once, or a second after it was made; while log-ins fail they keep their pace. */
  renewNow(): void {
    if (this.#state.kind === 'authenticated') this.#arm(this.#state.token.acquiredAtMs + sessionPaceMs);
  }

  /** Stops renewing and revokes the tokens that were made for this session. Idempotent; never rejects. */
  async close(): Promise<void> {
    if (this.#isClosed()) return;
    const token = tokenOf(this.#state);
    this.#state = { kind: 'closed' };
    this.#cancelTimer();
    // A log-in under way may still make a token: it is revoked as it arrives, before the connections close.
    if (this.#logins.has('login') || this.#checks.has(this.epoch)) await this.#loginsEnded();
    this.#options.events.emit({ type: 'sessionClosed', ...(await this.#succession.revokeAll(token)) });
  }

  /** Waits for log-ins under way, but not for ones that hang. */
  async #loginsEnded(): Promise<void> {
    const ended = Promise.all([this.#logins.settled('login'), this.#checks.settled(this.epoch)]);
    await withinTime(ended, { clock: this.#options.clock, timeoutMs: lateLoginMs, expired: closedDuringLogin }).catch(() => undefined);
    this.#bounded.abort();
  }

  async #replaceOnce(rejected: VaultCredential): Promise<VaultCredential | undefined> {
    const replaced = (): VaultCredential | undefined => {
      const inUse = tokenOf(this.#state)?.credential;
      return inUse === undefined || inUse.epoch === rejected.epoch ? undefined : inUse;
    };
    const alreadyReplaced = replaced();
    if (alreadyReplaced !== undefined) return alreadyReplaced;
    // Asking about the token would spend a use that it does not have; another one is needed in any case.
    if (tokenOf(this.#state)?.uses?.spend() === false) {
      await this.#login('uses-spent');
      return replaced();
    }
    const verdict = await this.#liveness.verdict(rejected);
    if (verdict === 'live') return undefined;
    // The renewal timer may have found out, too, and have logged in meanwhile.
    if (verdict === 'dead' && replaced() === undefined) await this.#login('revoked');
    else if (verdict === 'unknown' && !this.#isClosed()) await this.#loginOnTrial(rejected);
    return replaced();
  }

  async #loginOnTrial(rejected: VaultCredential): Promise<void> {
    const outcome = await this.#trial.run(this.#loggedInAtMs);
    if (outcome === undefined) return;
    const { result, reason } = outcome;
    const isCurrent = tokenOf(this.#state)?.credential.epoch === rejected.epoch;
    if (reason !== undefined && isCurrent) this.#accept(result, reason);
    else await this.#succession.discard(result);
  }

  #login(reason: TokenReplacedReason): Promise<SessionToken> {
    if (this.#isClosed()) {
      return Promise.reject(
        new VaultSessionClosedError('The Vault session is closed.', {
          remedy: 'The application is shutting down, or its start has failed.',
        }),
      );
    }
    const paced = this.#state.kind === 'failing' && this.#options.clock.nowMs() < this.#state.nextTryAtMs;
    if (this.#state.kind === 'failing' && paced && !this.#logins.has('login')) return Promise.reject(this.#state.error);
    return this.#logins.run('login', () => this.#loginOnce(reason));
  }

  async #loginOnce(reason: TokenReplacedReason): Promise<SessionToken> {
    let result: CheckedLogin;
    try {
      result = await this.#bounded.run();
    } catch (error) {
      throw this.#loginFailed(error);
    }
    if (this.#isClosed()) {
      await this.#succession.discard(result);
      throw closedDuringLogin();
    }
    try {
      return this.#accept(result, reason);
    } catch (error) {
      throw this.#loginFailed(error);
    }
  }

  #isClosed(): boolean {
    return this.#state.kind === 'closed';
  }

  #accept(result: CheckedLogin, reason: TokenReplacedReason): SessionToken {
    const previous = tokenOf(this.#state);
    const token = this.#succession.next(result, previous);
    if (token.uses?.left === 0) throw noUseLeft(this.method);
    if (result.canLookUpSelf === true) this.#liveness.confirm();
    this.#loggedInAtMs = this.#options.clock.nowMs();
    this.#options.onIdentity?.(result.identity);
    this.#hold(token);
    this.#succession.announce(token, previous, reason);
    return token;
  }

  #loginFailed(error: unknown): VaultError {
    const failure = sessionFailure(error, `${this.method} log-in`);
    if (this.#isClosed()) return failure;
    const nextTryInMs = this.#fail(failure);
    this.#options.events.emit({ type: 'loginFailed', method: this.method, error: failure, nextTryInMs });
    return failure;
  }

  /** Keeps the token that still lives, and tries again after a delay that doubles. */
  #fail(error: VaultError): number {
    const nowMs = this.#options.clock.nowMs();
    const failures = this.#state.kind === 'failing' ? this.#state.failures + 1 : 1;
    const delayMs = tokenRetryDelayMs(error, failures, this.#options.random());
    this.#state = { kind: 'failing', token: tokenOf(this.#state), error, failures, nextTryAtMs: nowMs + delayMs };
    this.#arm(nowMs + delayMs);
    return delayMs;
  }

  #hold(token: SessionToken): void {
    this.#state = { kind: 'authenticated', token };
    this.#arm(Math.max(tokenDueAtMs(token, this.#options.timing, this.#options.random()), token.acquiredAtMs + sessionPaceMs));
  }

  #arm(atMs: number): void {
    this.#cancelTimer();
    if (atMs === Number.POSITIVE_INFINITY) return;
    this.#cancelTimer = this.#options.clock.setTimer(
      () => void this.#wake(),
      Math.max(0, atMs - this.#options.clock.nowMs()),
      'vault:token',
    );
  }

  async #wake(): Promise<void> {
    const token = tokenOf(this.#state);
    const live = token !== undefined && token.expiresAtMs > this.#options.clock.nowMs();
    try {
      if (live && token.renewable && token.uses?.spend() !== false) await this.#renew(token);
      else await this.#login(live ? 'max-ttl' : 'expired');
    } catch {
      // Announced as loginFailed, and the next try is armed.
    }
  }

  async #renew(token: SessionToken): Promise<void> {
    try {
      const { ttlMs, renewable, sentAtMs } = await this.#calls.renewSelf(token.credential);
      if (tokenOf(this.#state) !== token) return;
      const cut = isTruncated(ttlMs, token.ttlMs);
      this.#hold({
        ...token,
        acquiredAtMs: sentAtMs,
        expiresAtMs: sentAtMs + ttlMs,
        ttlMs: Math.max(ttlMs, token.ttlMs),
        renewable: renewable && !cut,
      });
      this.#options.events.emit({ type: 'tokenRenewed', epoch: token.credential.epoch, ttlMs });
    } catch (error) {
      await this.#renewalFailed(token, error);
    }
  }

  async #renewalFailed(token: SessionToken, error: unknown): Promise<void> {
    if (tokenOf(this.#state) !== token) return;
    const failure = sessionFailure(error, 'renewal of the token');
    const refused = isRenewalRefusal(failure);
    const nextTryInMs = refused ? 0 : this.#fail(failure);
    this.#options.events.emit({ type: 'tokenRenewalFailed', error: failure, nextTryInMs });
    if (!refused) return;
    const verdict = await this.#liveness.verdict(token.credential);
    // A refused call may have found out, too, and have logged in meanwhile.
    if (tokenOf(this.#state) !== token) return;
    await this.#login(verdict === 'dead' ? 'revoked' : 'renewal-failed');
  }
}
