import type { SecretValue } from '../../support/redaction/secret-value.js';
import type { HttpExchangeResponse } from '../http/http-exchange.js';

export type VaultMethod = 'GET' | 'LIST' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';

/** A token with the number of the log-in that it came from. */
export interface VaultCredential {
  readonly value: SecretValue;
  /** Grows by one with each log-in; ties a lease to its parent token. 0: not from a log-in of this session. */
  readonly epoch: number;
  /** Set where the token may be used a limited number of times: one use was taken for the call that carries it. */
  readonly limited?: LimitedUse | undefined;
}

/** What a call with a use-limited token tells when it has ended. */
export interface LimitedUse {
  /** @param leased whether the answer has a lease, which ends with the token */
  ended(leased: boolean): void;
}

/** What a caller may set on a single call. */
export interface VaultCallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Deadline of the whole call, with its repetitions, redirects and the log-in that it waits for, in milliseconds: finite and above 0. Default: `http.timeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Namespace of this call instead of the client's. `''` is the root namespace. */
  readonly namespace?: string | undefined;
  /** Ask Vault for a wrapped answer that lives this long, such as `60s`. */
  readonly wrapTtl?: string | undefined;
  /** Read from Vault although the answer is in the cache, and refresh the cache with it. */
  readonly bypassCache?: boolean | undefined;
  /** How long the cache may serve this answer, in milliseconds, instead of `cache.ttlMs`. */
  readonly cacheTtlMs?: number | undefined;
  /** `false`: fail while Vault is away, although `cache.staleIfUnavailableMs` would let an older answer serve. */
  readonly allowStale?: boolean | undefined;
  /** `false`: one try and no more, whatever the options of `retry` say: for callers that pace their own tries. */
  readonly repeat?: boolean | undefined;
}

/**
 * One request on its way through the interceptors. Immutable: an interceptor passes on a changed copy. It says what is asked for and what the
 * caller wants of the call; how it travels is not in it.
 */
export interface VaultRequest extends VaultCallOptions {
  readonly method: VaultMethod;
  /** Path below `/v1/`, already encoded: build it with `vaultPath()`. */
  readonly path: string;
  /** What errors, logs and metrics show instead of the path, when the path itself names something confidential. */
  readonly pathTemplate?: string | undefined;
  /** An array is a parameter that is given several times. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[]>> | undefined;
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `session` (default): the session's token. `none`: a log-in, which must carry no token. */
  readonly token?: 'session' | 'none' | VaultCredential | undefined;
  /**
   * The call creates something on each try (credentials, certificates, tokens): it is never repeated blindly.
   * Left out, it is told from the method and the path, on the safe side: a write mints, and so does a GET that is not known to
   * be a plain read. `false` lets a call be repeated; a wrapped answer is never repeated blindly.
   */
  readonly mints?: boolean | undefined;
  /** When the call must have ended, on the monotonic clock: fixed once from `timeoutMs`, and not begun anew by what it has to wait for. */
  readonly deadlineMs?: number | undefined;
  /** The answer may be kept: set by engines for data without a lease. */
  readonly cacheable?: boolean | undefined;
  /** Statuses that this call takes as answers although they are not 2xx, such as 503 of `sys/health`. */
  readonly acceptStatus?: readonly number[] | undefined;
  /** @internal Gets each answer as it came, before it is read; then an answer that is text and no JSON is one, too. */
  readonly onAnswer?: ((answer: HttpExchangeResponse) => void) | undefined;
  /** The caller reveals the data: a field that would defeat its redaction is guarded, not refused. For `vault.nodeVault`. */
  readonly guardsFields?: boolean | undefined;
}
