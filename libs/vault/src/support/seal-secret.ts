import { redactedArray, redactedPrototype } from './redacted.js';
import { SecretValue } from './secret-value.js';

/**
 * A deep, frozen copy of data from Vault that shows itself as `[redacted]` when it is logged or serialised.
 * Fields are read as usual (`secret.apiKey`), spread as usual, and cannot be changed: cached values are shared.
 */
export function sealSecret<Value>(value: Value): Value {
  return copy(value, sealedObject) as Value;
}

/** A plain, mutable deep copy of sealed data, for code that has to serialise it on purpose. */
export function revealSecret<Value>(value: Value): Value {
  return copy(value, plainObject) as Value;
}

type Build = (entries: readonly (readonly [string, unknown])[]) => object;

function copy(value: unknown, build: Build): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => copy(item, build));
    return build === sealedObject ? redactedArray(items) : items;
  }
  if (value instanceof SecretValue && build === plainObject) return value.reveal();
  // Dates, Maps and instances of classes (a schema may make them) have state that fields do not show: they stay as they are.
  if (!isPlain(value)) return value;
  return build(Object.getOwnPropertyNames(value).map((key) => [key, copy((value as Record<string, unknown>)[key], build)]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || prototype === redactedPrototype;
}

function sealedObject(entries: readonly (readonly [string, unknown])[]): object {
  const target = Object.create(redactedPrototype) as object;
  // A field that hides one of the prototype's, such as toJSON: then no field is enumerable, so that still nothing shows any.
  const enumerable = !entries.some(([key]) => key in redactedPrototype);
  for (const [key, value] of entries) Object.defineProperty(target, key, { value, enumerable });
  return Object.freeze(target);
}

function plainObject(entries: readonly (readonly [string, unknown])[]): object {
  const target = {};
  // defineProperty, because assigning `__proto__` would change the prototype instead of adding a field.
  for (const [key, value] of entries) Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  return target;
}
