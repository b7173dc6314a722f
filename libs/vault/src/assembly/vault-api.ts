import type { VaultHandler } from '../client/call/vault-handler.js';
import type { CacheInterceptor } from '../client/interceptors/cache.interceptor.js';
import { nodeVaultDoor, type NodeVaultClient } from '../client/node-vault/node-vault.door.js';
import type { ResolvedVaultOptions } from '../config/resolve-options.js';
import { MountVersions } from '../engines/kv/mount-versions.js';
import { SecretCache } from '../engines/kv/secret-cache.js';
import { SecretReader } from '../engines/kv/secret-reader.js';
import { createEngines, type AuthMethods, type SecretsEngines } from '../engines/secrets-engines.js';
import type { SysEngine } from '../engines/sys/sys.engine.js';
import type { Clock } from '../support/time/clock.js';

/** The connection that the calls are made over. */
export interface VaultApiConnection {
  readonly send: VaultHandler;
  readonly cache: CacheInterceptor;
  /** Whether a call may be answered from the cache without passing the chain. */
  readonly isCacheFirst: boolean;
  readonly clock: Clock;
  readonly options: Pick<ResolvedVaultOptions, 'address' | 'kvMountPoint' | 'namespace'>;
}

/** What an application calls on one connection: the engines, the cache and the reader of secrets, and node-vault's client. */
export class VaultApi {
  readonly secrets: SecretsEngines;
  readonly auth: AuthMethods;
  readonly sys: SysEngine;
  readonly cache: SecretCache;
  readonly secretReader: SecretReader;
  readonly #address: string;
  readonly #send: VaultHandler;
  #nodeVault: NodeVaultClient | undefined;

  constructor({ send, cache, isCacheFirst, clock, options }: VaultApiConnection) {
    const { address, kvMountPoint, namespace } = options;
    this.#address = address;
    this.#send = send;
    const versions = new MountVersions(send, { clock, namespace });
    cache.onMountsChange(() => versions.clear());
    const { secrets, auth, sys } = createEngines(send, versions, kvMountPoint);
    this.secrets = secrets;
    this.auth = auth;
    this.sys = sys;
    this.cache = new SecretCache(cache, versions, kvMountPoint);
    this.secretReader = new SecretReader(secrets.kv, isCacheFirst ? cache : undefined);
  }

  /** One client for all: made when it is first asked for. */
  get nodeVault(): NodeVaultClient {
    this.#nodeVault ??= nodeVaultDoor(this.#address, this.#send);
    return this.#nodeVault;
  }
}
