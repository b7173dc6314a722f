import type { AuthMethod, LoginResult } from '../auth/auth-method.js';
import type { TokenSource } from '../client/token-source.js';
import type { VaultHandler } from '../client/vault-handler.js';
import type { VaultCredential } from '../client/vault-request.js';
import { isVaultError } from '../errors/is-vault-error.js';
import { VaultServerError } from '../errors/vault-server.error.js';
import { VaultSessionClosedError } from '../errors/vault-session-closed.error.js';
import type { VaultError } from '../errors/vault-error.js';
import type { Clock } from '../support/clock.js';
import { SingleFlight } from '../support/single-flight.js';
import { sleep } from '../support/sleep.js';
import type { TypedEvents } from '../support/typed-events.js';
import { isTruncated, sessionPaceMs, tokenDueAtMs, tokenRetryDelayMs, type RenewalTiming } from './session-schedule.js';
import { tokenOf, type SessionState, type SessionToken } from './session-state.js';
import type { SessionEvent, TokenReplacedReason } from './session.events.js';
import { TokenCalls } from './token-calls.js';
import { TokenLiveness } from './token-liveness.js';
import { TokenSuccession } from './token-succession.js';

export interface VaultSessionOptions {
  readonly method: AuthMethod;
  /** Sends a request below the auth interceptor. */
  readonly send: VaultHandler;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timing: RenewalTiming;
  readonly events: TypedEvents<SessionEvent>;
}

/** How often a 403 is taken for a revoked token when the policy lets no token look itself up. */
const blindLoginEveryMs = 600_000;
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
  #state: SessionState = { kind: 'idle' };
  #loggedInAtMs = Number.NEGATIVE_INFINITY;
  #cancelTimer: () => void = () => undefined;

  constructor(options: VaultSessionOptions) {
    this.#options = options;
    this.#calls = new TokenCalls(options.send);
    this.#liveness = new TokenLiveness(this.#calls);
    const { method, clock, events } = options;
    this.#succession = new TokenSuccession({ method: method.name, calls: this.#calls, clock, events });
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
    const token = tokenOf(this.#state);
    if (token !== undefined && token.expiresAtMs > this.#options.clock.nowMs()) return token.credential;
    return this.#login('expired').then(({ credential }) => credential);
  }

  replaceRejected(rejected: VaultCredential): Promise<VaultCredential | undefined> {
    return this.#checks.run(rejected.epoch, () => this.#replaceOnce(rejected));
  }

  /** Stops renewing and revokes the tokens that were made for this session. Idempotent; never rejects. */
  async close(): Promise<void> {
    if (this.#state.kind === 'closed') return;
    const token = tokenOf(this.#state);
    this.#state = { kind: 'closed' };
    this.#cancelTimer();
    // A log-in under way may still make a token: it is revoked as it arrives, before the connections close.
    if (this.#logins.has('login')) await Promise.race([this.#logins.settled('login'), sleep(this.#options.clock, lateLoginMs)]);
    await this.#succession.revokeAll(token);
    this.#options.events.emit({ type: 'sessionClosed' });
  }

  async #replaceOnce(rejected: VaultCredential): Promise<VaultCredential | undefined> {
    const replaced = (): VaultCredential | undefined => {
      const inUse = tokenOf(this.#state)?.credential;
      return inUse === undefined || inUse.epoch === rejected.epoch ? undefined : inUse;
    };
    const alreadyReplaced = replaced();
    if (alreadyReplaced !== undefined) return alreadyReplaced;
    const verdict = await this.#liveness.verdict(rejected);
    if (verdict === 'live') return undefined;
    if (verdict === 'dead') await this.#login('revoked');
    else if (this.#liveness.mayLookUp === undefined) await this.#login('revoked', true);
    else if (this.#options.clock.nowMs() - this.#loggedInAtMs > blindLoginEveryMs) await this.#login('renewal-failed');
    return replaced();
  }

  /** @param onTrial whether the log-in is to find out if tokens may look themselves up at all */
  #login(reason: TokenReplacedReason, onTrial = false): Promise<SessionToken> {
    if (this.#state.kind === 'closed') {
      return Promise.reject(new VaultSessionClosedError('The Vault session is closed.', { remedy: 'The application is shutting down.' }));
    }
    const paced = this.#state.kind === 'failing' && this.#options.clock.nowMs() < this.#state.nextTryAtMs;
    if (this.#state.kind === 'failing' && paced && !this.#logins.has('login')) return Promise.reject(this.#state.error);
    return this.#logins.run('login', () => this.#loginOnce(reason, onTrial));
  }

  async #loginOnce(reason: TokenReplacedReason, onTrial: boolean): Promise<SessionToken> {
    let result: LoginResult;
    try {
      result = await this.#options.method.login({ send: this.#options.send });
    } catch (error) {
      throw this.#loginFailed(error);
    }
    const fresh = { value: result.token, epoch: 0 };
    const present = tokenOf(this.#state);
    if (onTrial && present !== undefined && !(await this.#liveness.learnFrom(fresh))) {
      // Not even a fresh token may look itself up: the rejected one lives as far as anybody can tell, and stays.
      await this.#succession.discard(result);
      return present;
    }
    if (this.#isClosed()) {
      await this.#succession.discard(result);
      throw new VaultSessionClosedError('The Vault session was closed during the log-in.');
    }
    return this.#accept(result, reason);
  }

  #isClosed(): boolean {
    return this.#state.kind === 'closed';
  }

  #accept(result: LoginResult, reason: TokenReplacedReason): SessionToken {
    const previous = tokenOf(this.#state);
    const token = this.#succession.next(result, previous);
    this.#loggedInAtMs = this.#options.clock.nowMs();
    this.#hold(token);
    this.#succession.announce(token, previous, reason);
    return token;
  }

  #loginFailed(error: unknown): VaultError {
    const failure = isVaultError(error)
      ? error
      : new VaultServerError(`The ${this.method} log-in failed for a reason that is not Vault's.`);
    if (this.#state.kind === 'closed') return failure;
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
    if (this.#state.kind === 'closed') return;
    const live = token !== undefined && token.expiresAtMs > this.#options.clock.nowMs();
    try {
      if (live && token.renewable) await this.#renew(token);
      else await this.#login(live ? 'max-ttl' : 'expired');
    } catch {
      // Announced as loginFailed, and the next try is armed.
    }
  }

  async #renew(token: SessionToken): Promise<void> {
    try {
      const { ttlMs, renewable, receivedAtMs } = await this.#calls.renewSelf(token.credential);
      if (tokenOf(this.#state) !== token) return;
      const cut = isTruncated(ttlMs, token.ttlMs);
      this.#hold({
        ...token,
        acquiredAtMs: receivedAtMs,
        expiresAtMs: receivedAtMs + ttlMs,
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
    const failure = isVaultError(error) ? error : new VaultServerError("The renewal of the token failed for a reason that is not Vault's.");
    const refused = refusals.has(failure.code);
    const nextTryInMs = refused ? 0 : this.#fail(failure);
    this.#options.events.emit({ type: 'tokenRenewalFailed', error: failure, nextTryInMs });
    if (!refused) return;
    const verdict = await this.#liveness.verdict(token.credential);
    await this.#login(verdict === 'dead' ? 'revoked' : 'renewal-failed');
  }
}

const refusals: ReadonlySet<string> = new Set(['VAULT_PERMISSION_DENIED', 'VAULT_REQUEST_INVALID', 'VAULT_NOT_FOUND']);
