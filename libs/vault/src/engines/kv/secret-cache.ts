import type { CacheInterceptor } from '../../client/interceptors/cache.interceptor.js';
import type { CacheStats } from '../../client/cache/cache-options.js';
import type { VaultRequest } from '../../client/request/vault-request.js';
import { VaultResponse } from '../../client/answer/vault-response.js';
import { sealSecret } from '../../support/redaction/seal-secret.js';
import { kvV1Path } from './kv-v1.engine.js';
import { kvV2ReadRequest, kvV2SecretOf, type KvV2ReadOptions } from './v2/kv-v2-read.js';
import type { MountVersions } from './mount-versions.js';

/** Which secret: its path is given apart. */
export type CachedSecretPlace = Pick<KvV2ReadOptions, 'mountPoint' | 'namespace' | 'version'>;

type SecretData = Readonly<Record<string, unknown>>;

/** The cache of KV secrets as an application sees it. Values are shared and frozen. */
export class SecretCache {
  readonly #cache: CacheInterceptor;
  readonly #versions: MountVersions;
  readonly #mountPoint: string;

  constructor(cache: CacheInterceptor, versions: MountVersions, mountPoint: string) {
    this.#cache = cache;
    this.#versions = versions;
    this.#mountPoint = mountPoint;
  }

  /** The data of the secret if it is cached and fresh; Vault is not asked. */
  get(path: string, place: CachedSecretPlace = {}): SecretData | undefined {
    const response = this.#cache.peek(this.#request(path, place));
    if (response === undefined) return undefined;
    if (this.#isV1(place)) return response.data as SecretData;
    return kvV2SecretOf<SecretData>(response, path).data.data;
  }

  /**
   * Puts data in, as if Vault had given it as the secret's current version; Vault is not told.
   * @param place.ttlMs how long it serves, in milliseconds, instead of the cache's TTL
   */
  set(
    path: string,
    data: Readonly<Record<string, unknown>>,
    place: CachedSecretPlace & { readonly ttlMs?: number | undefined } = {},
  ): void {
    const { ttlMs, ...where } = place;
    const metadata = { version: place.version ?? 0, created_time: '', deletion_time: '', destroyed: false, custom_metadata: null };
    const response = new VaultResponse({
      status: 200,
      requestId: '',
      leaseId: '',
      leaseDuration: 0,
      renewable: false,
      data: sealSecret(this.#isV1(where) ? data : { data, metadata }),
      auth: null,
      wrapInfo: null,
      warnings: [],
      receivedAtMs: this.#versions.nowMs,
      tokenEpoch: 0,
    });
    this.#cache.put(this.#request(path, where), response, ttlMs);
  }

  /** Forgets the secret, all its versions. */
  delete(path: string, place: CachedSecretPlace = {}): void {
    this.#cache.forget(this.#request(path, place));
  }

  /** Forgets everything. */
  clear(): void {
    this.#cache.clear();
  }

  /**
   * TTL of answers that are kept from now on, in milliseconds.
   * @throws VaultConfigurationError if it is not a finite number of 0 or more
   */
  setTtl(ttlMs: number): void {
    this.#cache.setTtl(ttlMs);
  }

  stats(): CacheStats {
    return this.#cache.stats();
  }

  #request(path: string, place: CachedSecretPlace): VaultRequest {
    const request = kvV2ReadRequest({ ...place, path }, this.#mountPoint);
    if (!this.#isV1(place)) return request;
    return { ...request, path: kvV1Path({ ...place, path }, this.#mountPoint), query: undefined };
  }

  /** Only where that was found out: an engine of which nothing is known is taken for version 2, as in a read. */
  #isV1({ mountPoint = this.#mountPoint, namespace }: CachedSecretPlace): boolean {
    return this.#versions.known(mountPoint, namespace) === 1;
  }
}
