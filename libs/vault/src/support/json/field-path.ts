/** What is nested deeper is refused by others, and data may hold itself. */
const deepest = 100;

/** Where plain data first holds such a value: the names on the way to it, such as `limits.0`; empty for the data itself. */
export function fieldPath(data: unknown, isSuch: (value: unknown) => boolean): string | undefined {
  return namesTo(data, isSuch, 0)?.join('.');
}

function namesTo(value: unknown, isSuch: (value: unknown) => boolean, depth: number): readonly string[] | undefined {
  if (isSuch(value)) return [];
  if (typeof value !== 'object' || value === null || depth > deepest) return undefined;
  for (const name of Object.keys(value)) {
    const below = namesTo((value as Record<string, unknown>)[name], isSuch, depth + 1);
    if (below !== undefined) return [name, ...below];
  }
  return undefined;
}
