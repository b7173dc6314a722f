import { isVaultError } from '../../errors/is-vault-error.js';
import { ExactNumber } from '../json/exact-number.js';
import { guardedFields, unguarded } from './guarded-fields.js';
import { hasOwnJson, ownJsonOf } from '../json/instance-json.js';
import { redactedArray, redactedPrototype } from './redacted.js';
import { SecretValue } from './secret-value.js';
import { redactionSwitch, unredactable, unredactableField } from './unredactable-field.js';

/**
 * A deep, frozen copy of data from Vault that shows itself as `[redacted]` when it is logged or serialised.
 * Fields are read as usual (`secret.apiKey`), spread as usual, and cannot be changed: cached values are shared.
 * What such an object shows itself as is decided in `redacted.ts`.
 * @throws VaultSecretUnredactableError for a field that would switch that off
 */
export function sealSecret<Value>(value: Value): Value {
  try {
    return copy(value, sealedSecret) as Value;
  } catch (error) {
    throw isVaultError(error) ? unredactable(unredactableField(value) ?? '', 'the data') : error;
  }
}

/**
 * The same for data on its way to Vault, as JSON will have it: of an instance of a class its fields, or what its `toJSON` gives. It is never
 * refused for a name: an object with such a field lets nobody go through its fields.
 * @throws VaultRequestError for an instance that hides a value from JSON: it would be written as `[redacted]`
 */
export function sealBody<Value>(value: Value): Value {
  return copy(value, guardedBody) as Value;
}

/** A plain, mutable deep copy of sealed data, for code that has to serialise it on purpose. */
export function revealSecret<Value>(value: Value): Value {
  return copy(value, revealed) as Value;
}

/** What JSON is made of: the same as `sealBody`, plain, with something else in the place of each value that has no fields. */
export function revealConverted(value: unknown, convert: (leaf: unknown) => unknown): unknown {
  return copy(value, { ...sentBody, convert });
}

type Fields = readonly (readonly [name: string | symbol, value: unknown])[];

/** What a copy is for. */
interface Purpose {
  readonly build: (fields: Fields) => object;
  readonly isPlain?: true;
  /** An instance of a class becomes the data that JSON makes of it. */
  readonly isForJson?: true;
  readonly convert?: (leaf: unknown) => unknown;
}

const sealedSecret: Purpose = { build: sealedFields };
const guardedBody: Purpose = { build: guardedOrSealed, isForJson: true };
const revealed: Purpose = { build: plainFields, isPlain: true };
const sentBody: Purpose = { ...revealed, isForJson: true };

function copy(value: unknown, purpose: Purpose): unknown {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return purpose.convert?.(value) ?? value;
  if (Array.isArray(value)) {
    const items = value.map((item) => copy(item, purpose));
    return purpose.isPlain === true ? items : redactedArray(items);
  }
  if (value instanceof SecretValue) return purpose.isPlain === true ? value.reveal() : value;
  const source = unguarded(value) as Record<string | symbol, unknown>;
  if (!isPlain(source)) {
    // Dates, Maps and instances of classes (a schema may make them) have state that fields do not show: they stay as they are.
    if (purpose.isForJson !== true) return value;
    if (hasOwnJson(source)) return copy(ownJsonOf(source), purpose);
  }
  const names = Reflect.ownKeys(source).filter((name) => Object.prototype.propertyIsEnumerable.call(source, name));
  return purpose.build(names.map((name) => [name, copy(source[name], purpose)]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || prototype === redactedPrototype;
}

/**
 * The fields, on a frozen object that shows itself as `[redacted]`.
 * @throws VaultSecretUnredactableError that names a field among these
 */
export function sealedFields(fields: Fields): object {
  const field = redactionSwitch(fields.map(([name]) => name));
  if (field !== undefined) throw unredactable(field, 'the data');
  return withFields(Object.create(redactedPrototype) as object, fields);
}

function guardedOrSealed(fields: Fields): object {
  const field = redactionSwitch(fields.map(([name]) => name));
  const sealed = withFields(Object.create(redactedPrototype) as object, fields);
  return field === undefined ? sealed : guardedFields(sealed, field);
}

/** defineProperty, because a name that the prototype has cannot be assigned. */
function withFields(target: object, fields: Fields): object {
  for (const [name, value] of fields) Object.defineProperty(target, name, { value, enumerable: true });
  return Object.freeze(target);
}

function plainFields(fields: Fields): object {
  const target = {};
  // defineProperty, because assigning `__proto__` would change the prototype instead of adding a field.
  for (const [name, value] of fields) Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
  return target;
}
