import type { VaultRequest } from '../vault-request.js';

const kvPrefixes: ReadonlySet<string> = new Set(['data', 'metadata', 'delete', 'undelete', 'destroy', 'subkeys', 'detailed-metadata']);

/**
 * What an answer is kept under: who asked (namespace and identity) and what for (method, mount, path and version).
 * `|` cannot occur in an encoded path, so that two keys cannot run into each other.
 */
export function cacheKey(request: VaultRequest, identity: string, defaultNamespace: string): string {
  const { query } = request;
  const asked = query === undefined ? '' : JSON.stringify(Object.entries(query));
  return `${request.namespace ?? defaultNamespace}|${identity}|${request.method}|${request.path}|${asked}`;
}

/**
 * The resource that a request is about, for invalidation: KV v2 keeps one secret under several prefixes (`data/`,
 * `metadata/`, `delete/` ...), and writing one changes the others. Where the mount ends cannot be told from a path, so
 * these words are dropped wherever they stand: at worst too much is forgotten.
 */
export function resourceOf(request: VaultRequest, defaultNamespace: string): string {
  const path = request.path
    .split('/')
    .filter((segment) => !kvPrefixes.has(segment))
    .join('/');
  return `${request.namespace ?? defaultNamespace}|${path}`;
}
