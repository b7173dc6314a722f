import type { VaultHandler } from '../../client/vault-handler.js';
import type { VaultResponse } from '../../client/vault-response.js';
import { kvV2ReadRequest, kvV2SecretOf, type KvV2ReadOptions } from './kv-v2-read.js';
import type { KvV2Secret } from './kv-v2.types.js';

/** KV version 2. Source: Vault API, "KV secrets engine, version 2". */
export class KvV2Engine {
  readonly #send: VaultHandler;
  readonly #mountPoint: string;

  constructor(send: VaultHandler, mountPoint = 'secret') {
    this.#send = send;
    this.#mountPoint = mountPoint;
  }

  /**
   * Reads a version of a secret, the latest by default. The answer may come from the cache.
   * @throws VaultNotFoundError if there is no such secret, VaultSecretDeletedError if the version is deleted or destroyed
   */
  async readSecretVersion<Value = Readonly<Record<string, unknown>>>(options: KvV2ReadOptions): Promise<VaultResponse<KvV2Secret<Value>>> {
    return kvV2SecretOf<Value>(await this.#send(kvV2ReadRequest(options, this.#mountPoint)), options.path);
  }
}
