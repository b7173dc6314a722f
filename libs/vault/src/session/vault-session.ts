import type { AuthMethod, LoginResult } from '../auth/auth-method.js';
import type { TokenSource } from '../client/token-source.js';
import type { VaultHandler } from '../client/vault-handler.js';
import type { VaultCredential } from '../client/vault-request.js';
import { isVaultError } from '../errors/is-vault-error.js';
import { VaultAbortedError } from '../errors/vault-aborted.error.js';
import { VaultServerError } from '../errors/vault-server.error.js';
import { VaultSessionClosedError } from '../errors/vault-session-closed.error.js';
import type { VaultError } from '../errors/vault-error.js';
import { abandonable } from '../support/abandonable.js';
import { backoffMs } from '../support/backoff.js';
import type { Clock } from '../support/clock.js';
import { SingleFlight } from '../support/single-flight.js';
import type { TypedEvents } from '../support/typed-events.js';
import { isTruncated, tokenDueAtMs, type RenewalTiming } from './session-schedule.js';
import { tokenOf, type SessionState, type SessionToken } from './session-state.js';
import type { SessionEvent, TokenReplacedReason } from './session.events.js';
import { TokenCalls } from './token-calls.js';

export interface VaultSessionOptions {
  readonly method: AuthMethod;
  /** Sends a request below the auth interceptor. */
  readonly send: VaultHandler;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timing: RenewalTiming;
  readonly events: TypedEvents<SessionEvent>;
}

const retryBackoff = { initialMs: 1_000, maxMs: 30_000, jitter: 0.25 };
/** At least this long between two calls that the session makes on its own account. */
const paceMs = 1_000;
/** A token that may not look itself up is taken for revoked at most this often. */
const blindLoginEveryMs = 60_000;
const revokeTimeoutMs = 2_000;

/**
 * The one owner of the token: logs in, renews at a fraction of the TTL, logs in again when renewal fails or is cut short,
 * one log-in at a time, and revokes at shutdown. Failed log-ins are paced: who asks meanwhile gets the last error at once.
 */
export class VaultSession implements TokenSource {
  readonly #options: VaultSessionOptions;
  readonly #calls: TokenCalls;
  readonly #logins = new SingleFlight<'login', SessionToken>();
  readonly #checks = new SingleFlight<number, boolean>();
  #state: SessionState = { kind: 'idle' };
  #superseded: readonly SessionToken[] = [];
  #epoch = 0;
  #loggedInAtMs = Number.NEGATIVE_INFINITY;
  #mayLookUp = true;
  #cancelTimer: () => void = () => undefined;

  constructor(options: VaultSessionOptions) {
    this.#options = options;
    this.#calls = new TokenCalls(options.send);
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
    return this.#epoch;
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
  current(signal?: AbortSignal): Promise<VaultCredential> | VaultCredential {
    const token = tokenOf(this.#state);
    if (token !== undefined && token.expiresAtMs > this.#options.clock.nowMs()) return token.credential;
    const login = this.#login('expired').then(({ credential }) => credential);
    return abandonable(login, signal, () => new VaultAbortedError('The caller aborted while the session was logging in.'));
  }

  async replaceRejected(rejected: VaultCredential): Promise<VaultCredential | undefined> {
    const inUse = tokenOf(this.#state);
    if (inUse !== undefined && inUse.credential.epoch !== rejected.epoch) return inUse.credential;
    if (await this.#checks.run(rejected.epoch, () => this.#looksLive(rejected))) return undefined;
    const present = tokenOf(this.#state);
    if (present !== undefined && present.credential.epoch !== rejected.epoch) return present.credential;
    const replacement = await this.#login('revoked');
    if (replacement.credential.epoch === rejected.epoch) return undefined;
    if (this.#mayLookUp) await this.#learnWhetherItMayLookUp(replacement.credential);
    return replacement.credential;
  }

  /** Stops renewing and revokes the tokens that were made for this session. Idempotent; never rejects. */
  async close(): Promise<void> {
    if (this.#state.kind === 'closed') return;
    const token = tokenOf(this.#state);
    const open = token === undefined ? this.#superseded : [...this.#superseded, token];
    this.#state = { kind: 'closed' };
    this.#cancelTimer();
    const nowMs = this.#options.clock.nowMs();
    await Promise.allSettled(
      open.filter((each) => each.owned && each.expiresAtMs > nowMs).map((each) => this.#calls.revokeSelf(each.credential, revokeTimeoutMs)),
    );
    this.#options.events.emit({ type: 'sessionClosed' });
  }

  #login(reason: TokenReplacedReason): Promise<SessionToken> {
    if (this.#state.kind === 'closed')
      return Promise.reject(new VaultSessionClosedError('The Vault session is closed.', { remedy: 'The application is shutting down.' }));
    if (this.#logins.has('login')) return this.#logins.run('login', () => this.#loginOnce(reason));
    if (this.#state.kind === 'failing' && this.#options.clock.nowMs() < this.#state.nextTryAtMs) return Promise.reject(this.#state.error);
    return this.#logins.run('login', () => this.#loginOnce(reason));
  }

  async #loginOnce(reason: TokenReplacedReason): Promise<SessionToken> {
    try {
      const result = await this.#options.method.login({ send: this.#options.send });
      return this.#accept(result, reason);
    } catch (error) {
      throw this.#loginFailed(error);
    }
  }

  #accept(result: LoginResult, reason: TokenReplacedReason): SessionToken {
    const previous = tokenOf(this.#state);
    const same = previous !== undefined && previous.credential.value.reveal() === result.token.reveal();
    if (!same) this.#epoch += 1;
    const ttlMs = result.ttlSeconds * 1_000;
    const token: SessionToken = {
      credential: { value: result.token, epoch: this.#epoch },
      acquiredAtMs: result.receivedAtMs,
      expiresAtMs: ttlMs === 0 ? Number.POSITIVE_INFINITY : result.receivedAtMs + ttlMs,
      ttlMs,
      renewable: result.renewable,
      owned: result.owned,
    };
    if (this.#state.kind === 'closed') {
      if (token.owned) this.#calls.revokeSelf(token.credential, revokeTimeoutMs).catch(() => undefined);
      throw new VaultSessionClosedError('The Vault session was closed during the log-in.');
    }
    this.#loggedInAtMs = this.#options.clock.nowMs();
    this.#hold(token);
    this.#options.events.emit({ type: 'loggedIn', method: this.method, epoch: this.#epoch, ttlMs, renewable: token.renewable });
    if (previous !== undefined && !same) this.#supersede(previous, reason);
    return token;
  }

  #supersede(previous: SessionToken, reason: TokenReplacedReason): void {
    const nowMs = this.#options.clock.nowMs();
    const previousExpiresAtMs = reason === 'revoked' ? nowMs : previous.expiresAtMs;
    this.#superseded = [...this.#superseded, previous].filter(
      (token) => token.expiresAtMs > nowMs && !(token === previous && reason === 'revoked'),
    );
    this.#options.events.emit({ type: 'tokenReplaced', previousEpoch: previous.credential.epoch, previousExpiresAtMs, reason });
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
    const delayMs = Math.max(paceMs, error.retryAfterMs ?? backoffMs(failures, retryBackoff, this.#options.random()));
    this.#state = { kind: 'failing', token: tokenOf(this.#state), error, failures, nextTryAtMs: nowMs + delayMs };
    this.#arm(nowMs + delayMs);
    return delayMs;
  }

  #hold(token: SessionToken): void {
    this.#state = { kind: 'authenticated', token };
    this.#arm(Math.max(tokenDueAtMs(token, this.#options.timing, this.#options.random()), token.acquiredAtMs + paceMs));
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
    if (tokenOf(this.#state) !== token || !isVaultError(error)) return;
    const refused = error.code === 'VAULT_PERMISSION_DENIED' || error.code === 'VAULT_REQUEST_INVALID' || error.code === 'VAULT_NOT_FOUND';
    const nextTryInMs = refused ? 0 : this.#fail(error);
    this.#options.events.emit({ type: 'tokenRenewalFailed', error, nextTryInMs });
    if (!refused) return;
    const live = await this.#calls.isLive(token.credential).catch(() => true);
    await this.#login(live ? 'renewal-failed' : 'revoked');
  }

  /** Errs towards live: a wrong "dead" would log in again for every call that a policy denies. */
  async #looksLive(rejected: VaultCredential): Promise<boolean> {
    if (!this.#mayLookUp) return this.#options.clock.nowMs() - this.#loggedInAtMs < blindLoginEveryMs;
    try {
      return await this.#calls.isLive(rejected);
    } catch {
      return true;
    }
  }

  /** A fresh token that cannot look itself up has a policy without lookup-self: from then on a 403 says nothing about the token. */
  async #learnWhetherItMayLookUp(fresh: VaultCredential): Promise<void> {
    this.#mayLookUp = await this.#calls.isLive(fresh).catch(() => true);
  }
}
