import type { VaultHandler } from '../client/call/vault-handler.js';
import type { SecretValue } from '../support/redaction/secret-value.js';

/** What a log-in gave. Its numbers are checked: a log-in that gives none that can be counted with has failed. */
export interface LoginResult {
  readonly token: SecretValue | string;
  /** Seconds, one or more; 0: the token does not expire. */
  readonly ttlSeconds: number;
  readonly renewable: boolean;
  /**
   * Monotonic milliseconds from which the life counts: `sentAtMs` of the answer that gave the token. Default: the moment at which the
   * log-in began, which is safe and a little too soon.
   */
  readonly sentAtMs?: number | undefined;
  /** Whether the token was made for this session, which then revokes it at shutdown. */
  readonly owned: boolean;
  /** How often the token may be used; 0 or left out: not limited. The session logs in again before the last use. */
  readonly numUses?: number | undefined;
  /** The token looked itself up to log in: from then on a refused lookup-self says that it is dead. */
  readonly canLookUpSelf?: boolean | undefined;
  /** Whom Vault takes us for: the entity id, or the accessor of a token without entity. Cached answers belong to it. */
  readonly identity?: string | undefined;
}

export interface LoginContext {
  /** Sends a request below the auth interceptor: it carries the token that it names, or none. */
  readonly send: VaultHandler;
  /**
   * Aborts when the log-in has to end. Pass it to whatever the credentials come from; a call that makes a token does better without
   * it, as one that was made has to arrive to be revoked.
   */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A way to obtain a token: the port that every auth method implements.
 *
 * This folder decides how a token is obtained, and from which credentials. It does not decide when to log in, how long that may take, or
 * what becomes of the token: `session/` does.
 */
export interface AuthMethod {
  /** Vault's name of the method, such as `approle`; shown in logs and health. */
  readonly name: string;
  /** Where the tokens are made, looked up, renewed and revoked; `''` is the root namespace. Default: the connection's namespace. */
  readonly namespace?: string | undefined;
  /**
   * Obtains a token. Called again whenever the session needs another one. It has a deadline, `http.timeoutMs` and 10 s more: a token
   * that comes later is revoked, and the next log-in does not wait for this one.
   * @throws VaultAuthenticationError if Vault refuses the credentials, any other VaultError if it cannot be asked
   */
  login(context: LoginContext): Promise<LoginResult>;
}
