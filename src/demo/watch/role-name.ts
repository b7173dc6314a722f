const ISSUED = /\bv-[\w-]+?-([A-Za-z0-9]{8})[A-Za-z0-9]*-\d{10}\b/g;

/** Shortens the names of Vault-issued roles in a text to eight characters. The rest of a name is the same for all roles. */
export function shortRoleNames(text: string): string {
  return text.replaceAll(ISSUED, '$1');
}
