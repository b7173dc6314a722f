import type { CacheInterceptor } from '../../client/interceptors/cache.interceptor.js';
import type { KvV2ReadOptions } from './v2/kv-v2-read.js';
import { checkSecret, type SecretSchema } from './secret-schema.js';
import type { KvEngine } from './kv.engine.js';

/** Options of `getSecret` besides the path. */
export interface SecretReadOptions extends Omit<KvV2ReadOptions, 'path' | 'wrapTtl'> {
  /** What the secret must be: it becomes what the schema makes of it. */
  readonly schema?: SecretSchema | undefined;
}

/** Reads the data of a secret, nothing around it. What is cached is handed out as the same promise: no work for a call. */
export class SecretReader {
  readonly #kv: KvEngine;
  readonly #cache: CacheInterceptor | undefined;

  /** @param cache left out when a call must pass the whole chain, because something stands before the cache */
  constructor(kv: KvEngine, cache: CacheInterceptor | undefined) {
    this.#kv = kv;
    this.#cache = cache;
  }

  read(path: string, options?: SecretReadOptions): Promise<unknown> {
    // Untyped callers pass null for none.
    if (options !== undefined && options !== null) return this.#fetch(path, options);
    return this.#cache?.recall(path) ?? this.#fetchAndKeep(path);
  }

  async #fetch(path: string, options: SecretReadOptions): Promise<unknown> {
    const { schema, ...call } = options;
    const { data } = await this.#kv.readSecret({ ...call, path });
    return schema === undefined ? data : checkSecret(data, schema, { ...call, path });
  }

  async #fetchAndKeep(path: string): Promise<unknown> {
    const { data, response } = await this.#kv.readSecret({ path });
    this.#cache?.keepValue(path, response.source, Promise.resolve(data));
    return data;
  }
}
