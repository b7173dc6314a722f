/** A JSON object of unknown content. */
export type JsonObject = Record<string, unknown>;

/** Whether a parsed value is a JSON object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of a JSON object; none for anything else. */
export function fieldsOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The value if it is a string, else `''`. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The value if it is a finite number, else 0. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** Durations of Vault are nanoseconds in 64 bits: none is longer. */
const longestSeconds = 9_223_372_036;

/** Whether the value is a number of seconds that Vault could mean: not negative, not NaN, not beyond what it can count. */
export function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= longestSeconds;
}

/** Whether the value is a whole number of things, 0 or more. */
export function isWholeNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The strings of an array; none for anything else. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
