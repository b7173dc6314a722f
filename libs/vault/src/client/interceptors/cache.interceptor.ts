import { VaultAbortedError } from '../../errors/vault-aborted.error.js';
import { isUnavailable } from '../../errors/is-unavailable.js';
import { abandonable } from '../../support/abandonable.js';
import type { Clock } from '../../support/clock.js';
import { cacheKey, resourceOf } from '../cache/cache-key.js';
import type { CachedAnswer } from '../cache/cached-answer.js';
import type { CacheOptions, CacheStats } from '../cache/cache-options.js';
import { ResponseCache } from '../cache/response-cache.js';
import type { VaultHandler } from '../vault-handler.js';
import type { VaultRequest } from '../vault-request.js';
import type { VaultResponse } from '../vault-response.js';
import type { VaultInterceptor } from './vault-interceptor.js';

export interface CacheSurroundings {
  readonly clock: Clock;
  /** Namespace of requests that name none. */
  readonly namespace?: string | undefined;
  /** Whom Vault takes us for: answers to another identity are never served. */
  readonly identity?: () => string;
}

/** A call that is under way, shared by its readers. */
interface Flight {
  readonly resource: string;
  answer: Promise<VaultResponse>;
  /** False once the resource was written: what the call brings may be older than the write. */
  keep: boolean;
}

/** After a failed refresh a stale answer serves this long before Vault is asked again. */
const outagePauseMs = 1_000;

/**
 * Answers cacheable reads from memory, and lets any number of concurrent readers of one path share a single call.
 * Answers with a lease are never kept. Our own writes to a path drop what is known of it.
 */
export class CacheInterceptor implements VaultInterceptor {
  readonly #surroundings: CacheSurroundings;
  readonly #namespace: string;
  readonly #store: ResponseCache | undefined;
  readonly #flights = new Map<string, Flight>();
  #hits = 0;
  #misses = 0;
  #staleServed = 0;
  #joined = 0;

  /** @param options `false`: nothing is kept and nothing is shared */
  constructor(options: CacheOptions | false, surroundings: CacheSurroundings) {
    this.#surroundings = surroundings;
    this.#namespace = surroundings.namespace ?? '';
    this.#store = options === false ? undefined : new ResponseCache(options, surroundings.clock);
  }

  intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    if (this.#store === undefined) return next(request);
    if (request.method !== 'GET' && request.method !== 'LIST') return this.#write(request, next);
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

  /** Puts an answer in, as if Vault had given it. */
  put(request: VaultRequest, response: VaultResponse, ttlMs?: number): void {
    this.#doom((flight) => flight.resource === resourceOf(request, this.#namespace));
    this.#store?.store(response, { key: this.#keyOf(request), resource: resourceOf(request, this.#namespace), ttlMs });
  }

  /** Forgets the answer to the request, all its versions included. */
  forget(request: VaultRequest): void {
    this.#forgetResource(resourceOf(request, this.#namespace));
  }

  /** Forgets everything, also what calls under way will bring. */
  clear(): void {
    this.#doom(() => true);
    this.#store?.clear();
  }

  /** TTL of answers that are kept from now on, in milliseconds. */
  setTtl(ttlMs: number): void {
    this.#store?.setTtl(ttlMs);
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

  /** Joins the call for `key`, or makes it. It must not end because the one reader who started it leaves: it carries no caller's signal. */
  #shared(key: string, request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    const { signal, ...shared } = request;
    let flight = request.bypassCache === true ? undefined : this.#flights.get(key);
    if (flight === undefined) flight = this.#depart(key, shared, next);
    else this.#joined += 1;
    return abandonable(flight.answer, signal, () => new VaultAbortedError(`The caller aborted GET ${request.path}.`));
  }

  #depart(key: string, request: VaultRequest, next: VaultHandler): Flight {
    const resource = resourceOf(request, this.#namespace);
    const answer = next(request).then(
      (response) => {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
        if (flight.keep && response.leaseId === '') this.#store?.store(response, { key, resource, ttlMs: request.cacheTtlMs });
        return response;
      },
      (error: unknown) => {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
        throw error;
      },
    );
    const flight: Flight = { resource, answer, keep: true };
    this.#flights.set(key, flight);
    return flight;
  }

  async #write(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    const resource = resourceOf(request, this.#namespace);
    // Moving or removing a mount changes what every path below it means.
    const all = request.path.startsWith('sys/mounts') || request.path.startsWith('sys/remount');
    const forget = (): void => (all ? this.clear() : this.#forgetResource(resource));
    forget();
    try {
      return await next(request);
    } finally {
      // Once more, for reads that came between; after a failed write the state is unknown, so it goes as well.
      forget();
    }
  }

  #forgetResource(resource: string): void {
    this.#doom((flight) => flight.resource === resource);
    this.#store?.forgetResource(resource);
  }

  #doom(concerned: (flight: Flight) => boolean): void {
    for (const [key, flight] of this.#flights) {
      if (!concerned(flight)) continue;
      flight.keep = false;
      this.#flights.delete(key);
    }
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
