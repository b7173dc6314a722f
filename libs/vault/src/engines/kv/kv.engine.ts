import type { VaultHandler } from '../../client/call/vault-handler.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import { VaultRequestError } from '../../errors/vault-request.error.js';
import { fieldsOf } from '../../support/json/json-fields.js';
import type { EngineCall } from '../engine-call.js';
import { withoutEndSlash, type KeyList } from '../engine-client.js';
import { KvV1Engine } from './kv-v1.engine.js';
import type { KvV2ReadOptions } from './v2/kv-v2-read.js';
import { KvV2Engine } from './v2/kv-v2.engine.js';
import type { KvV2WriteCall } from './v2/kv-v2.types.js';
import { walkFolder, type FolderList, type FolderWalk } from './list-all.js';
import type { KvVersion, MountVersions } from './mount-versions.js';

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

  /** @param versions what is known of the mounts; shared with the cache of secrets */
  constructor(send: VaultHandler, versions: MountVersions, mountPoint = 'secret') {
    this.#mountPoint = mountPoint;
    this.v1 = new KvV1Engine(send, mountPoint);
    this.v2 = new KvV2Engine(send, mountPoint);
    this.#versions = versions;
  }

  /** Version of the engine at the mount; 2 where the token may not ask. */
  version(options: EngineCall = {}): Promise<KvVersion> {
    return this.#versions.versionOf(options.mountPoint ?? this.#mountPoint, options);
  }

  /**
   * Reads a secret, never wrapped. Reading one costs one call. A version 1 engine may hold another secret at `data/<path>`, so that
   * Vault is asked for the version of the engine where an answer could be one of either; where it does not tell, it is taken for 2.
   * @throws VaultNotFoundError, VaultSecretDeletedError
   */
  async readSecret(call: Omit<KvV2ReadOptions, 'wrapTtl'>): Promise<KvSecret> {
    // The type forbids `wrapTtl`; plain JavaScript may bring one all the same.
    const options: KvV2ReadOptions = 'wrapTtl' in call ? { ...call, wrapTtl: undefined } : call;
    const known = this.#versions.known(options.mountPoint ?? this.#mountPoint, options.namespace);
    if (known !== 2) return known === 1 ? this.#readKnownV1(options) : this.#readUnknown(options);
    try {
      const response = await this.v2.readSecretVersion(options);
      return { data: response.data.data, version: response.data.metadata.version, response };
    } catch (error) {
      if (await this.#isStill(2, options, error)) throw error;
      return this.#readV1(options);
    }
  }

  /**
   * Writes a secret: a new version, or in a version 1 engine the only value.
   * @throws VaultRequestError if `cas` is not the current version, or is given for a version 1 engine, which cannot check it
   */
  createOrUpdateSecret(options: KvV2WriteCall): Promise<VaultResponse> {
    return this.#either<unknown>(options, {
      v1: () => (options.cas === undefined ? this.v1.createOrUpdateSecret(options) : Promise.reject(noCheckAndSet(options))),
      v2: () => this.v2.createOrUpdateSecret(options),
    });
  }

  /** Deletes the latest version (it can be undeleted), or in a version 1 engine the secret. */
  deleteSecret(options: EngineCall & { readonly path: string }): Promise<VaultResponse<null>> {
    return this.#either(options, { v1: () => this.v1.deleteSecret(options), v2: () => this.v2.deleteLatestVersionOfSecret(options) });
  }

  /** Names in a folder; those of folders end in `/`. */
  listSecrets(options: EngineCall & FolderList = {}): Promise<VaultResponse<KeyList>> {
    return this.#either(options, { v1: () => this.v1.listSecrets(options), v2: () => this.v2.listSecrets(options) });
  }

  /**
   * The paths of all secrets below a folder. Each folder is listed when the walk gets there: page by page in engines of version 2 on
   * OpenBao, else whole.
   * @throws VaultPathError at the end for names that cannot be asked for, unless `onSkipped` takes them
   */
  iterateSecrets(options: EngineCall & FolderWalk = {}): AsyncGenerator<string> {
    return walkFolder(options, (part) => this.listSecrets({ ...options, ...part }));
  }

  /** Both versions are possible: version 2 is tried first, and believed only when Vault says that it is one. */
  async #readUnknown(options: KvV2ReadOptions): Promise<KvSecret> {
    const startedMs = this.#versions.nowMs;
    const mountPoint = options.mountPoint ?? this.#mountPoint;
    let secret: KvSecret;
    try {
      secret = await this.#readV2(options);
    } catch (error) {
      if (!mayBeOtherVersion(error) || (await this.#versions.askedVersionOf(mountPoint, options)) === 2) throw error;
      return this.#readV1(options);
    }
    // What comes from memory was asked for, or put in, as version 2.
    if (secret.response.receivedAtMs < startedMs) return secret;
    if (isSurelyV2(secret.response)) {
      this.#versions.learn(mountPoint, options.namespace, 2);
      return secret;
    }
    return (await this.#versions.askedVersionOf(mountPoint, options)) === 2 ? secret : this.#readV1(options);
  }

  async #readKnownV1(options: KvV2ReadOptions): Promise<KvSecret> {
    try {
      return await this.#readV1(options);
    } catch (error) {
      if (await this.#isStill(1, options, error)) throw error;
      return this.#readV2(options);
    }
  }

  /** Does it in the way of the version that is mounted. */
  async #either<Data>(
    call: EngineCall,
    ways: Readonly<Record<'v1' | 'v2', () => Promise<VaultResponse<Data>>>>,
  ): Promise<VaultResponse<Data>> {
    const version = await this.version(call);
    try {
      return await (version === 1 ? ways.v1() : ways.v2());
    } catch (error) {
      if (await this.#isStill(version, call, error)) throw error;
      return version === 1 ? ways.v2() : ways.v1();
    }
  }

  /** Whether the failure has to do with something else than another engine at the mount. */
  async #isStill(version: KvVersion, call: EngineCall, error: unknown): Promise<boolean> {
    if (!mayBeOtherVersion(error)) return true;
    return (await this.#versions.askedVersionOf(call.mountPoint ?? this.#mountPoint, call)) === version;
  }

  async #readV1(options: KvV2ReadOptions): Promise<KvSecret> {
    const response = await this.v1.readSecret(options);
    return { data: response.data, version: 0, response };
  }

  async #readV2(options: KvV2ReadOptions): Promise<KvSecret> {
    const response = await this.v2.readSecretVersion(options);
    return { data: response.data.data, version: response.data.metadata.version, response };
  }
}

/**
 * An engine of version 1 tells a lease duration with each secret: the default one, or that of a field named `ttl` or `lease`, which is in
 * the answer as well. One of version 2 tells none. Source: Vault API, "KV secrets engine, version 1", the field `ttl`.
 */
function isSurelyV2({ source }: VaultResponse): boolean {
  const { ttl, lease } = fieldsOf(source.data);
  return source.leaseDuration === 0 && ttl === undefined && lease === undefined;
}

/** Codes with which a mount answers that is not of the version that it is taken for. */
function mayBeOtherVersion(error: unknown): boolean {
  return (
    isVaultError(error, 'VAULT_NOT_FOUND') ||
    isVaultError(error, 'VAULT_PERMISSION_DENIED') ||
    isVaultError(error, 'VAULT_RESPONSE_INVALID')
  );
}

function noCheckAndSet({ path, mountPoint }: KvV2WriteCall): VaultRequestError {
  return new VaultRequestError(`The secret ${path} cannot be written with \`cas\`: its engine is of version 1.`, {
    request: { method: 'POST', path: mountPoint === undefined ? path : `${withoutEndSlash(mountPoint)}/${path}` },
    remedy: 'Leave `cas` out, or keep the secret in a KV engine of version 2.',
  });
}
