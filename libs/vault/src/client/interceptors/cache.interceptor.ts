import { LRUCache } from 'lru-cache';
import { VaultAbortedError } from '../../errors/vault-aborted.error.js';
import { abandonable } from '../../support/abandonable.js';
import { SingleFlight } from '../../support/single-flight.js';
import type { VaultHandler } from '../vault-handler.js';
import type { VaultRequest } from '../vault-request.js';
import type { VaultResponse } from '../vault-response.js';
import type { VaultInterceptor } from './vault-interceptor.js';

export interface CacheOptions {
  /** How long an answer serves, in milliseconds. */
  readonly ttlMs: number;
  readonly maxEntries: number;
}

export interface CacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
}

/**
 * Answers cacheable reads from memory, and lets any number of concurrent readers of one path share a single call.
 * Answers with a lease are never kept. Our own writes to a path drop what is known of it.
 */
export class CacheInterceptor implements VaultInterceptor {
  readonly #entries: LRUCache<string, VaultResponse>;
  readonly #flights = new SingleFlight<string, VaultResponse>();
  #hits = 0;
  #misses = 0;

  constructor(options: CacheOptions) {
    this.#entries = new LRUCache({ max: options.maxEntries, ttl: options.ttlMs });
  }

  async intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    if (request.method !== 'GET' && request.method !== 'LIST') return this.#write(request, next);
    if (request.cacheable !== true || request.wrapTtl !== undefined) return next(request);
    const key = keyOf(request);
    if (request.bypassCache === true) this.#flights.forget(key);
    else {
      const known = this.#entries.get(key);
      if (known !== undefined) {
        this.#hits += 1;
        return known;
      }
    }
    this.#misses += 1;
    // The shared call must not end because the one reader who started it leaves: it carries no caller's signal.
    const { signal, ...shared } = request;
    const flight = this.#flights.run(key, () => this.#fetch(key, shared, next));
    return abandonable(flight, signal, () => new VaultAbortedError(`The caller aborted GET ${request.path}.`));
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries.clear();
  }

  stats(): CacheStats {
    return { hits: this.#hits, misses: this.#misses, entries: this.#entries.size };
  }

  async #fetch(key: string, request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    const response = await next(request);
    if (response.leaseId === '') this.#entries.set(key, response);
    return response;
  }

  async #write(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    try {
      return await next(request);
    } finally {
      // After a failed write the state is unknown, so what is known of it goes as well.
      this.#forgetRelated(request);
    }
  }

  #forgetRelated(request: VaultRequest): void {
    const written = `${request.namespace ?? ''} ${resourceOf(request.path)}`;
    for (const key of this.#entries.keys()) {
      if (key.startsWith(written)) this.#entries.delete(key);
    }
  }
}

function keyOf(request: VaultRequest): string {
  const query = request.query === undefined ? '' : JSON.stringify(Object.entries(request.query));
  return `${request.namespace ?? ''} ${resourceOf(request.path)} ${request.method} ${request.path} ${query}`;
}

/** KV v2 keeps one secret under several prefixes (`data/`, `metadata/`, `delete/` ...): writing one changes the others. */
function resourceOf(path: string): string {
  return path.replace(/^([^/]+)\/(?:data|metadata|delete|undelete|destroy|subkeys)\//, '$1/');
}
