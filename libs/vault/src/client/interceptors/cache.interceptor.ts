import type { VaultErrorCode } from '../../errors/error-codes.js';
import { isUnavailable } from '../../errors/is-unavailable.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import type { VaultErrorOptions } from '../../errors/vault-error.js';
import { VaultTimeoutError } from '../../errors/vault-timeout.error.js';
import { abandonable } from '../../support/abandonable.js';
import type { Clock } from '../../support/time/clock.js';
import { withinTime } from '../../support/time/within-time.js';
import { cacheKey, changesMounts, resourceOf } from '../cache/cache-key.js';
import type { CachedAnswer } from '../cache/cached-answer.js';
import type { CacheOptions, CacheStats } from '../cache/cache-options.js';
import { checkedTtlMs } from '../cache/checked-ttl.js';
import { Flights, type Flight } from '../cache/flights.js';
import { ResponseCache } from '../cache/response-cache.js';
import { abortedCall } from '../call/live-calls.js';
import { namespaceName } from '../request/namespace-name.js';
import { shownPath } from '../request/shown-path.js';
import type { VaultHandler } from '../call/vault-handler.js';
import type { VaultRequest } from '../request/vault-request.js';
import type { VaultResponse } from '../answer/vault-response.js';
import type { VaultInterceptor } from './vault-interceptor.js';

export interface CacheSurroundings {
  readonly clock: Clock;
  /** Namespace of requests that name none. */
  readonly namespace?: string | undefined;
  /** Whom Vault takes us for: answers to another identity are never served. */
  readonly identity?: () => string;
  /** Deadline of a call that names none, in milliseconds. Default: none here, the transport's own. */
  readonly timeoutMs?: number | undefined;
}

/** After a failed refresh a stale answer serves this long before Vault is asked again. */
const outagePauseMs = 1_000;

/** Answers after which what was known of a secret is no longer true, or no longer ours to know. */
const refusals: ReadonlySet<VaultErrorCode> = new Set(['VAULT_NOT_FOUND', 'VAULT_SECRET_DELETED', 'VAULT_PERMISSION_DENIED']);

/**
 * Answers cacheable reads from memory, and lets any number of concurrent readers of one path share a single call.
 * Answers with a lease are never kept. Our own writes to a path drop what is known of it.
 */
export class CacheInterceptor implements VaultInterceptor {
  readonly #surroundings: CacheSurroundings;
  readonly #namespace: string;
  readonly #store: ResponseCache | undefined;
  readonly #flights = new Flights();
  readonly #mountListeners = new Set<() => void>();
  #hits = 0;
  #misses = 0;
  #staleServed = 0;
  #joined = 0;

  /** @param options `false`: nothing is kept and nothing is shared */
  constructor(options: CacheOptions | false, surroundings: CacheSurroundings) {
    this.#surroundings = surroundings;
    this.#namespace = namespaceName(surroundings.namespace ?? '');
    this.#store = options === false ? undefined : new ResponseCache(options, surroundings.clock);
  }

  intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    if (request.method !== 'GET' && request.method !== 'LIST') return this.#write(request, next);
    if (this.#store === undefined) return next(request);
    // A request with a token of its own is asked for somebody else.
    if (request.cacheable !== true || request.wrapTtl !== undefined || typeof request.token === 'object') return next(request);
    return this.#read(request, next, this.#store);
  }

  /** The value that was kept for `name` with `keepValue`, while its answer is fresh. */
  recall(name: string): Promise<unknown> | undefined {
    const value = this.#store?.recall(name);
    if (value !== undefined) this.#hits += 1;
    return value;
  }

  /** Keeps what was made of `response` for callers who ask by name; nothing happens if the response is not in the cache. */
  keepValue(name: string, response: VaultResponse, value: Promise<unknown>): void {
    this.#store?.addShortcut(name, response, value);
  }

  /** The fresh answer to the request if it is known; counts neither as hit nor as miss. */
  peek(request: VaultRequest): VaultResponse | undefined {
    const answer = this.#store?.find(this.#keyOf(request));
    return answer !== undefined && this.#store?.isFresh(answer) === true ? answer.response : undefined;
  }

  /**
   * Puts an answer in, as if Vault had given it.
   * @throws VaultConfigurationError if `ttlMs` is not a finite number of 0 or more
   */
  put(request: VaultRequest, response: VaultResponse, ttlMs?: number): void {
    if (ttlMs !== undefined) checkedTtlMs(ttlMs);
    const resource = resourceOf(request, this.#namespace);
    this.#flights.doom((flight) => flight.resource === resource);
    this.#store?.store(response, { key: this.#keyOf(request), resource, ttlMs });
  }

  /** Forgets the answer to the request, all its versions included. */
  forget(request: VaultRequest): void {
    this.#forgetResource(resourceOf(request, this.#namespace));
  }

  /** Forgets everything, also what calls under way will bring. */
  clear(): void {
    this.#flights.doom(() => true);
    this.#store?.clear();
  }

  /**
   * TTL of answers that are kept from now on, in milliseconds.
   * @throws VaultConfigurationError if it is not a finite number of 0 or more
   */
  setTtl(ttlMs: number): void {
    const checkedMs = checkedTtlMs(ttlMs);
    this.#store?.setTtl(checkedMs);
  }

  /** `listener` is called when we make, move or remove a mount or a namespace, also where nothing is cached. */
  onMountsChange(listener: () => void): void {
    this.#mountListeners.add(listener);
  }

  stats(): CacheStats {
    const reads = this.#hits + this.#misses;
    return {
      hits: this.#hits,
      misses: this.#misses,
      hitRate: reads === 0 ? 0 : this.#hits / reads,
      entries: this.#store?.size ?? 0,
      evictions: this.#store?.evictions ?? 0,
      staleServed: this.#staleServed,
      joined: this.#joined,
    };
  }

  async #read(request: VaultRequest, next: VaultHandler, store: ResponseCache): Promise<VaultResponse> {
    const key = this.#keyOf(request);
    const known = store.find(key);
    if (request.bypassCache !== true && known !== undefined) {
      if (store.isFresh(known)) {
        this.#hits += 1;
        return known.response;
      }
      if (request.allowStale !== false && known.askAgainAtMs > this.#surroundings.clock.nowMs()) return this.#serveStale(known);
    }
    this.#misses += 1;
    try {
      return await this.#shared(key, request, next);
    } catch (error) {
      const stale = store.find(key);
      const mayServe = request.bypassCache !== true && request.allowStale !== false;
      if (!mayServe || stale === undefined || request.signal?.aborted === true || !isUnavailable(error)) throw error;
      stale.askAgainAtMs = this.#surroundings.clock.nowMs() + outagePauseMs;
      return this.#serveStale(stale);
    }
  }

  /**
   * Joins the call for `key`, or makes it. It must not end because one of its readers leaves: it carries no caller's signal, and
   * no deadline shorter than that of the connection.
   */
  #shared(key: string, request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    const { clock, timeoutMs: usualMs = Infinity } = this.#surroundings;
    const { signal, timeoutMs = usualMs, ...shared } = request;
    // The call that this could start carries no signal.
    if (signal?.aborted === true) return Promise.reject(abortedCall(request));
    let flight = request.bypassCache === true ? undefined : this.#flights.joinable(key, timeoutMs);
    if (flight !== undefined) this.#joined += 1;
    else flight = this.#depart(key, timeoutMs > usualMs ? { ...shared, timeoutMs } : shared, next);
    const late = (): Error =>
      new VaultTimeoutError(`${request.method} ${shownPath(request)} was not answered within ${timeoutMs} ms.`, factsOf(request));
    const answer = timeoutMs < flight.timeoutMs ? withinTime(flight.answer, { clock, timeoutMs, expired: late }) : flight.answer;
    return abandonable(answer, signal, () => abortedCall(request));
  }

  #depart(key: string, request: VaultRequest, next: VaultHandler): Flight {
    const resource = resourceOf(request, this.#namespace);
    const departedAtMs = this.#surroundings.clock.nowMs();
    const answer = next(request).then(
      (response) => {
        this.#flights.land(key, flight);
        // An answer that an interceptor of the application made may tell any time: the call did not leave before its flight.
        const sinceMs = Math.max(departedAtMs, response.sentAtMs);
        if (flight.keep && response.leaseId === '') this.#store?.store(response, { key, resource, ttlMs: request.cacheTtlMs, sinceMs });
        return response;
      },
      (error: unknown) => {
        this.#flights.land(key, flight);
        if (flight.keep && isVaultError(error) && refusals.has(error.code)) this.#store?.forgetResource(resource);
        throw error;
      },
    );
    const flight: Flight = { resource, answer, keep: true, timeoutMs: request.timeoutMs ?? this.#surroundings.timeoutMs ?? Infinity };
    this.#flights.depart(key, flight);
    return flight;
  }

  async #write(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    const resource = resourceOf(request, this.#namespace);
    const all = changesMounts(request);
    const forget = (): void => (all ? this.#forgetMounts() : this.#forgetResource(resource));
    forget();
    try {
      return await next(request);
    } finally {
      // Once more, for reads that came between; after a failed write the state is unknown, so it goes as well.
      forget();
    }
  }

  #forgetMounts(): void {
    this.clear();
    for (const listener of this.#mountListeners) listener();
  }

  #forgetResource(resource: string): void {
    this.#flights.doom((flight) => flight.resource === resource);
    this.#store?.forgetResource(resource);
  }

  #serveStale(answer: CachedAnswer): VaultResponse {
    this.#staleServed += 1;
    answer.staleResponse ??= answer.response.asStale();
    return answer.staleResponse;
  }

  #keyOf(request: VaultRequest): string {
    return cacheKey(request, this.#surroundings.identity?.() ?? '', this.#namespace);
  }
}

function factsOf(request: VaultRequest): VaultErrorOptions {
  const { method, namespace } = request;
  return {
    request: { method, path: shownPath(request), ...(namespace === undefined ? {} : { namespace }) },
    remedy: 'Give it more time (`timeoutMs`), or check the load of the server.',
  };
}
