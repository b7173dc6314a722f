const slash = 47;

/** A namespace as Vault compares it: `team`, `team/` and `/team` name the same, and `''` is the root namespace. */
export function namespaceName(namespace: string): string {
  const { length } = namespace;
  if (length === 0 || (namespace.charCodeAt(0) !== slash && namespace.charCodeAt(length - 1) !== slash)) return namespace;
  return namespace.split('/').filter(Boolean).join('/');
}
