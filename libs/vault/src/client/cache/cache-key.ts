import { namespaceName } from '../request/namespace-name.js';
import type { VaultRequest } from '../request/vault-request.js';

const kvPrefixes: ReadonlySet<string> = new Set(['data', 'metadata', 'delete', 'undelete', 'destroy', 'subkeys', 'detailed-metadata']);

/**
 * What an answer is kept under: who asked (namespace and identity) and what for (method, mount, path and version).
 * `|` cannot occur in an encoded path, so that two keys cannot run into each other.
 */
export function cacheKey(request: VaultRequest, identity: string, defaultNamespace: string): string {
  const { query } = request;
  const asked = query === undefined ? '' : JSON.stringify(Object.entries(query));
  return `${namespaceName(request.namespace ?? defaultNamespace)}|${identity}|${request.method}|${request.path}|${asked}`;
}

/**
 * The resource that a request is about, for invalidation: KV v2 keeps one secret under several prefixes (`data/`,
 * `metadata/`, `delete/` ...), and writing one changes the others. Where the mount ends cannot be told from a path, so
 * these words are dropped wherever they stand: at worst too much is forgotten. The namespace is a part of the path, because Vault
 * takes `kv/data/app` in the namespace `team` and `team/kv/data/app` for the same.
 */
export function resourceOf(request: VaultRequest, defaultNamespace: string): string {
  return `${request.namespace ?? defaultNamespace}/${request.path}`
    .split('/')
    .filter((segment) => segment !== '' && !kvPrefixes.has(segment))
    .join('/');
}

const mountChange = /(?:^|\/)sys\/(?:mounts|remount|namespaces)(?:\/|$)/;

/** Whether the write moves, removes or makes a mount or a namespace: it changes what every path below means. */
export function changesMounts(request: VaultRequest): boolean {
  return mountChange.test(request.path);
}
