const ISSUED = /\bv-[\w-]+?-([A-Za-z0-9]{8})[A-Za-z0-9]*-\d{10}\b/g;

/** Shortens the names of Vault-issued roles in a text to the eight characters that tell them apart; names are made of much that repeats. */
export function shortRoleNames(text: string): string {
  return text.replaceAll(ISSUED, '$1');
}
