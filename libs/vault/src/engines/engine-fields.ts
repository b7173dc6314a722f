import { isExactValue } from '../support/json/exact-json.js';
import { redactedPrototype } from '../support/redaction/redacted.js';
import { isJsonObject } from '../support/json/json-fields.js';
import { sealedFields } from '../support/redaction/seal-secret.js';

/** Options of a method that are not parameters of Vault: never sent in a body. */
const callFields: ReadonlySet<string> = new Set([
  'signal',
  'timeoutMs',
  'namespace',
  'wrapTtl',
  'bypassCache',
  'cacheTtlMs',
  'allowStale',
  'repeat',
  'mountPoint',
  'extraParams',
  'schema',
]);

/**
 * The body of a call: its parameters in Vault's snake_case, `extraParams` as well, without what belongs into the path and
 * without undefined ones. Shows itself as `[redacted]`.
 * @param inPath names of parameters that the path carries
 */
export function bodyOf(call: object, ...inPath: readonly string[]): Readonly<Record<string, unknown>> {
  const body = Object.create(redactedPrototype) as Record<string, unknown>;
  const { extraParams } = call as { extraParams?: object };
  const own = Object.entries(call).filter(([name]) => !callFields.has(name) && !inPath.includes(name));
  for (const [name, value] of [...own, ...Object.entries(extraParams ?? {})]) {
    if (value === undefined) continue;
    Object.defineProperty(body, snakeCase(name), {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return body;
}

/** The fields of an answer in camel case; their values, and the names below them, are left as Vault sent them. */
export function camelFields(data: unknown): unknown {
  return renamed(
    data,
    (key) => camelCase(key),
    (value) => value,
  );
}

/** An answer that maps names (mount paths, accessors) to descriptions: the names stay, the descriptions get camel case. */
export function camelMap(data: unknown): unknown {
  return renamed(data, (key) => key, camelDeep);
}

/** Camel case all the way down. */
export function camelDeep(data: unknown): unknown {
  if (Array.isArray(data)) return Object.freeze(data.map(camelDeep));
  return renamed(data, (key) => camelCase(key), camelDeep);
}

/** `created_time` -> `createdTime`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Anything but an object stays as it is. */
function renamed(data: unknown, rename: (key: string) => string, convert: (value: unknown) => unknown): unknown {
  if (!isJsonObject(data) || isExactValue(data)) return data;
  const keys = Object.keys(data);
  const names = namesOf(keys, rename);
  return sealedFields(keys.map((key, index): [string, unknown] => [names[index] ?? key, convert(data[key])]));
}

/** The new names; where two would become the same, both stay as they were sent, so that none is lost. */
function namesOf(keys: readonly string[], rename: (key: string) => string): readonly string[] {
  let names = keys.map(rename);
  // Again, because a name that stays may be what a third one becomes. Names as they were sent differ, so that this ends.
  while (new Set(names).size < names.length) names = withoutClashes(names, keys);
  return names;
}

function withoutClashes(names: readonly string[], keys: readonly string[]): string[] {
  const seen = new Map<string, number>();
  for (const name of names) seen.set(name, (seen.get(name) ?? 0) + 1);
  return names.map((name, index) => (seen.get(name) === 1 ? name : (keys[index] ?? name)));
}
