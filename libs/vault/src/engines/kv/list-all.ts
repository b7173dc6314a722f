import type { KeyList } from '../engine-client.js';
import type { VaultResponse } from '../../client/vault-response.js';
import { isVaultError } from '../../errors/is-vault-error.js';

export interface FolderWalk {
  /** Where to begin; default: the top of the mount. */
  readonly path?: string | undefined;
  /** Also what is in the folders below. Default: true. */
  readonly recursive?: boolean | undefined;
}

/**
 * The paths of all secrets of a folder, one after the other: one list call for each folder, made only when the walk gets
 * there, so that a caller who stops early asks no further.
 * @param list lists one folder
 */
export async function* walkFolder(walk: FolderWalk, list: (path: string) => Promise<VaultResponse<KeyList>>): AsyncGenerator<string> {
  const start = walk.path === undefined || walk.path === '' || walk.path.endsWith('/') ? (walk.path ?? '') : `${walk.path}/`;
  const folders = [start];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const key of await keysOf(folder, list)) {
      if (!key.endsWith('/')) yield folder + key;
      else if (walk.recursive !== false) folders.push(folder + key);
    }
  }
}

async function keysOf(folder: string, list: (path: string) => Promise<VaultResponse<KeyList>>): Promise<readonly string[]> {
  try {
    return (await list(folder)).data.keys;
  } catch (error) {
    // An empty folder does not exist to Vault.
    if (isVaultError(error, 'VAULT_NOT_FOUND')) return [];
    throw error;
  }
}
