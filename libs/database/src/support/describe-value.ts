const numberWithUnit = /^[\s\d.,+-]{0,20}[a-z%]{0,7}$/i;

/**
 * A value that an option cannot hold, for messages. Only numbers, and text that looks like one with a unit, are quoted: anything else may
 * be a secret in the wrong place.
 */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return numberWithUnit.test(value) ? `'${value}'` : `a text of ${value.length} characters`;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
