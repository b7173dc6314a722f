import type { VaultHandler } from '../../client/call/vault-handler.js';
import { vaultPath } from '../../client/request/vault-path.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import { callOptions, type EngineCall } from '../engine-call.js';
import { EngineClient, folderPath, withoutEndSlash, type KeyList } from '../engine-client.js';
import { walkFolder, type FolderList, type FolderWalk } from './list-all.js';

type SecretData = Readonly<Record<string, unknown>>;

interface KvV1Call extends EngineCall {
  readonly path: string;
}

/** The path of a secret in a version 1 engine. */
export function kvV1Path({ path, mountPoint }: Pick<KvV1Call, 'path' | 'mountPoint'>, defaultMountPoint: string): string {
  return vaultPath(withoutEndSlash(mountPoint ?? defaultMountPoint), path);
}

/** KV version 1: one value a path, no versions. Source: Vault API, "KV secrets engine, version 1". */
export class KvV1Engine {
  // Version 2 has the same three fields. A class above both would hold these assignments alone: the versions share no request.
  readonly #send: VaultHandler;
  readonly #client: EngineClient;
  readonly #mountPoint: string;

  constructor(send: VaultHandler, mountPoint = 'secret') {
    this.#send = send;
    this.#mountPoint = mountPoint;
    this.#client = new EngineClient(send, mountPoint);
  }

  /**
   * The data of the secret. The answer may come from the cache.
   * @throws VaultNotFoundError if there is no such secret
   */
  async readSecret<Value = SecretData>(options: KvV1Call): Promise<VaultResponse<Value>> {
    const path = kvV1Path(options, this.#mountPoint);
    return (await this.#send({ ...callOptions(options), method: 'GET', path, cacheable: true })) as VaultResponse<Value>;
  }

  /** Names in a folder; those of folders end in `/`. */
  listSecrets(options: EngineCall & FolderList = {}): Promise<VaultResponse<KeyList>> {
    return this.#client.list(options, ...folderPath(options.path));
  }

  /**
   * The paths of all secrets below a folder. Each folder is listed when the walk gets there; engines of version 1 tell a folder whole.
   * @throws VaultPathError at the end for names that cannot be asked for, unless `onSkipped` takes them
   */
  iterateSecrets(options: EngineCall & FolderWalk = {}): AsyncGenerator<string> {
    return walkFolder(options, (part) => this.listSecrets({ ...options, ...part }));
  }

  /** Replaces the data of the secret. */
  createOrUpdateSecret(options: KvV1Call & { readonly secret: SecretData }): Promise<VaultResponse<null>> {
    return this.#client.write(options, [options.path], options.secret);
  }

  deleteSecret(options: KvV1Call): Promise<VaultResponse<null>> {
    return this.#client.delete(options, options.path);
  }
}
