import type { VaultHandler } from '../../client/vault-handler.js';
import type { VaultResponse } from '../../client/vault-response.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import type { EngineCall } from '../engine-call.js';
import type { KeyList } from '../engine-client.js';
import { KvV1Engine } from './kv-v1.engine.js';
import type { KvV2ReadOptions } from './kv-v2-read.js';
import { KvV2Engine } from './kv-v2.engine.js';
import type { KvV2WriteCall } from './kv-v2.types.js';
import { walkFolder, type FolderWalk } from './list-all.js';
import { MountVersions, type KvVersion } from './mount-versions.js';

type SecretData = Readonly<Record<string, unknown>>;

/** The data of a secret, whatever the version of its engine. */
export interface KvSecret<Value = SecretData> {
  readonly data: Value;
  /** 0 in a version 1 engine, which has no versions. */
  readonly version: number;
  readonly response: VaultResponse;
}

/** KV of either version. The methods here find out which one is mounted; `v1` and `v2` are the engines by themselves. */
export class KvEngine {
  readonly v1: KvV1Engine;
  readonly v2: KvV2Engine;
  readonly #versions: MountVersions;
  readonly #mountPoint: string;

  constructor(send: VaultHandler, mountPoint = 'secret') {
    this.#mountPoint = mountPoint;
    this.v1 = new KvV1Engine(send, mountPoint);
    this.v2 = new KvV2Engine(send, mountPoint);
    this.#versions = new MountVersions(send);
  }

  /** Version of the engine at the mount. */
  version(options: EngineCall = {}): Promise<KvVersion> {
    return this.#versions.versionOf(options.mountPoint ?? this.#mountPoint, options);
  }

  /**
   * Reads a secret, never wrapped. Taken for version 2 until it turns out otherwise, so that reading one costs one call.
   * @throws VaultNotFoundError, VaultSecretDeletedError
   */
  async readSecret(call: Omit<KvV2ReadOptions, 'wrapTtl'>): Promise<KvSecret> {
    // The type forbids `wrapTtl`; plain JavaScript may bring one all the same.
    const options: KvV2ReadOptions = 'wrapTtl' in call ? { ...call, wrapTtl: undefined } : call;
    if (this.#versions.known(options.mountPoint ?? this.#mountPoint, options.namespace) === 1) return this.#readV1(options);
    try {
      const response = await this.v2.readSecretVersion(options);
      return { data: response.data.data, version: response.data.metadata.version, response };
    } catch (error) {
      const perhapsV1 = isVaultError(error, 'VAULT_NOT_FOUND') || isVaultError(error, 'VAULT_PERMISSION_DENIED');
      if (!perhapsV1 || (await this.version(options)) === 2) throw error;
      return this.#readV1(options);
    }
  }

  /** Writes a secret: a new version, or in a version 1 engine the only value. */
  async createOrUpdateSecret(options: KvV2WriteCall): Promise<VaultResponse> {
    return (await this.version(options)) === 1 ? this.v1.createOrUpdateSecret(options) : this.v2.createOrUpdateSecret(options);
  }

  /** Deletes the latest version (it can be undeleted), or in a version 1 engine the secret. */
  async deleteSecret(options: EngineCall & { readonly path: string }): Promise<VaultResponse<null>> {
    return (await this.version(options)) === 1 ? this.v1.deleteSecret(options) : this.v2.deleteLatestVersionOfSecret(options);
  }

  /** Names in a folder; those of folders end in `/`. */
  async listSecrets(options: EngineCall & { readonly path?: string | undefined } = {}): Promise<VaultResponse<KeyList>> {
    return (await this.version(options)) === 1 ? this.v1.listSecrets(options) : this.v2.listSecrets(options);
  }

  /** The paths of all secrets below a folder, one list call a folder. */
  iterateSecrets(options: EngineCall & FolderWalk = {}): AsyncGenerator<string> {
    return walkFolder(options, (path) => this.listSecrets({ ...options, path }));
  }

  async #readV1(options: KvV2ReadOptions): Promise<KvSecret> {
    const response = await this.v1.readSecret(options);
    return { data: response.data, version: 0, response };
  }
}
