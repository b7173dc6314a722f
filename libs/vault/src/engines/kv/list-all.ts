import { vaultPath } from '../../client/request/vault-path.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import { VaultPathError } from '../../errors/vault-path.error.js';
import { textsOf } from '../../support/json/json-fields.js';
import type { KeyList, KeyPage } from '../engine-client.js';

export interface FolderWalk {
  /** Where to begin; default: the top of the mount. */
  readonly path?: string | undefined;
  /** Also what is in the folders below. Default: true. */
  readonly recursive?: boolean | undefined;
  /**
   * Takes each path that Vault holds and this client does not ask for, such as one with a backslash in it. The walk goes on either
   * way; left out, it ends with a VaultPathError that names them, so that nobody takes it for complete.
   */
  readonly onSkipped?: ((path: string) => void) | undefined;
}

/** A folder, or a part of it. */
export interface FolderList extends KeyPage {
  /** Default: the top of the mount. */
  readonly path?: string | undefined;
}

type ListFolder = (part: FolderList) => Promise<VaultResponse<KeyList>>;

/** The first try in pages: 1,000 names of 1,000 characters fit into the default of `http.maxResponseBytes`. */
const largestPage = 1_000;
const mostNamed = 3;

/**
 * The paths of all secrets of a folder, one after the other. A folder is listed only when the walk gets there, so that a caller who
 * stops early asks no further, and in pages where it is too large for one answer.
 * @param list lists a part of one folder, or all of it where the server has no pages
 */
export async function* walkFolder(walk: FolderWalk, list: ListFolder): AsyncGenerator<string> {
  const start = walk.path === undefined || walk.path === '' || walk.path.endsWith('/') ? (walk.path ?? '') : `${walk.path}/`;
  const skipped: string[] = [];
  const skip = walk.onSkipped ?? ((path: string) => void skipped.push(path));
  const folders = [start];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const key of keysOf(folder, list)) {
      const path = folder + key;
      if (key.endsWith('/') && walk.recursive === false) continue;
      if (!isAddressable(path)) skip(path);
      else if (key.endsWith('/')) folders.push(path);
      else yield path;
    }
  }
  if (skipped.length > 0) throw incomplete(skipped);
}

/**
 * Pages are asked for only where a folder does not fit into one answer: HashiCorp Vault has none, warns of the parameters and, because
 * it warns, takes a folder that does not exist for one without data.
 */
async function* keysOf(path: string, list: ListFolder): AsyncGenerator<string> {
  let limit: number | undefined;
  let last: readonly string[] = [];
  for (;;) {
    const page = await pageOf({ path, after: last.at(-1), limit }, list);
    if (page === 'too large') {
      limit = limit === undefined ? largestPage : Math.ceil(limit / 4);
      continue;
    }
    // A server that does not know where to go on tells the same again.
    const seen = new Set(last);
    const fresh = page.filter((key) => !seen.has(key));
    yield* fresh;
    if (limit === undefined || page.length !== limit || fresh.length === 0) return;
    last = page;
  }
}

async function pageOf(part: FolderList, list: ListFolder): Promise<readonly string[] | 'too large'> {
  try {
    return textsOf((await list(part)).data.keys);
  } catch (error) {
    // An empty folder, and what comes after the last page, do not exist to Vault.
    if (isVaultError(error, 'VAULT_NOT_FOUND')) return [];
    if (isVaultError(error, 'VAULT_RESPONSE_TOO_LARGE') && part.limit !== 1) return 'too large';
    throw error;
  }
}

function isAddressable(path: string): boolean {
  try {
    vaultPath(path.endsWith('/') ? path.slice(0, -1) : path);
    return true;
  } catch {
    return false;
  }
}

function incomplete(skipped: readonly string[]): VaultPathError {
  const named = skipped.slice(0, mostNamed).map((path) => JSON.stringify(path.length > 80 ? `${path.slice(0, 80)}…` : path));
  const others = skipped.length > mostNamed ? ` and ${skipped.length - mostNamed} more` : '';
  return new VaultPathError(`The walk left out ${named.join(', ')}${others}: Keyturn does not ask for such names.`, {
    remedy: 'Rename them in Vault, or take them with `onSkipped`.',
  });
}
