import type { VaultErrorCode } from '../../errors/error-codes.js';
import { isUnavailable } from '../../errors/is-unavailable.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import { cacheKey, changesMounts, resourceOf } from '../cache/cache-key.js';
import type { CachedAnswer } from '../cache/cached-answer.js';
import type { CacheOptions, CacheStats } from '../cache/cache-options.js';
import type { CacheSurroundings } from '../cache/cache-surroundings.js';
import { checkedTtlMs } from '../cache/checked-ttl.js';
import { Flights, type Flight } from '../cache/flights.js';
import { Passengers } from '../cache/passengers.js';
import { ResponseCache } from '../cache/response-cache.js';
import { namespaceName } from '../request/namespace-name.js';
import type { VaultHandler } from '../call/vault-handler.js';
import type { VaultRequest } from '../request/vault-request.js';
import type { VaultResponse } from '../answer/vault-response.js';
import type { VaultInterceptor } from './vault-interceptor.js';

/** After a failed refresh a stale answer serves this long before Vault is asked again. */
const outagePauseMs = 1_000;

/** Answers after which what was known of a secret is no longer true, or no longer ours to know. */
const refusals: ReadonlySet<VaultErrorCode> = new Set(['VAULT_NOT_FOUND', 'VAULT_SECRET_DELETED', 'VAULT_PERMISSION_DENIED']);

/**
 * Answers cacheable reads from memory, and lets any number of concurrent readers of one path share a single call.
 * Answers with a lease are never kept. Our own writes to a path drop what is known of it.
 *
 * Decides: which calls may be answered from memory, what is kept, and what a write or a refusal makes untrue. Does not decide: where an
 * answer lies and when it goes (`ResponseCache`), who waits for a call and for how long (`Passengers`).
 */
export class CacheInterceptor implements VaultInterceptor {
  readonly #surroundings: CacheSurroundings;
  readonly #namespace: string;
  readonly #store: ResponseCache | undefined;
  readonly #flights = new Flights();
  readonly #passengers: Passengers;
  readonly #mountListeners = new Set<() => void>();
  #hits = 0;
  #misses = 0;
  #staleServed = 0;

  /** @param options `false`: nothing is kept and nothing is shared */
  constructor(options: CacheOptions | false, surroundings: CacheSurroundings) {
    this.#surroundings = surroundings;
    this.#passengers = new Passengers(this.#flights, surroundings);
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
      joined: this.#passengers.joined,
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
      return await this.#passengers.answer(key, request, (shared) => this.#depart(key, shared, next));
    } catch (error) {
      const stale = store.find(key);
      const mayServe = request.bypassCache !== true && request.allowStale !== false;
      if (!mayServe || stale === undefined || request.signal?.aborted === true || !isUnavailable(error)) throw error;
      stale.askAgainAtMs = this.#surroundings.clock.nowMs() + outagePauseMs;
      return this.#serveStale(stale);
    }
  }

  /** Makes the call, and keeps what it brings unless that was overtaken by something newer. */
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
