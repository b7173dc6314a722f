import { ExactNumber } from '../json/exact-number.js';
import { redactedArray, redactedShape } from './redacted.js';
import { redactionSwitch, suspectNames, unredactable } from './unredactable-field.js';

/** Deeper data is refused: nothing of Vault's is, and a recursion without bound would end in a stack overflow. */
const deepest = 64;

/**
 * Seals data that comes straight from `JSON.parse` and that nobody else holds: frozen, and shown as `[redacted]` when it is
 * logged or serialised. What `sealSecret` does, faster: arrays are sealed in place.
 * @throws RangeError for data that is nested deeper than 64 levels
 * @throws VaultSecretUnredactableError for a field whose name would switch that off; it names the field alone, not its place
 */
export function sealParsed<Value>(value: Value): Value {
  return seal(value, 0) as Value;
}

function seal(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) throw new RangeError('too deep');
  if (value instanceof ExactNumber) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) value[index] = seal(value[index], depth + 1);
    return redactedArray(value);
  }
  return sealObject(value as Record<string, unknown>, depth);
}

const Sealed = redactedShape<Record<string, unknown>, []>(function () {
  // Its fields follow.
});

/** A copy: cheaper than to change the prototype of what `JSON.parse` made. */
function sealObject(source: Record<string, unknown>, depth: number): object {
  const target = new Sealed();
  const keys = Object.keys(source);
  let isSuspect = false;
  for (const key of keys) {
    const field = source[key];
    const value = typeof field === 'object' && field !== null ? seal(field, depth + 1) : field;
    if (key in suspectNames) {
      isSuspect = true;
      // What the prototype has as well cannot be assigned.
      Object.defineProperty(target, key, { value, enumerable: true });
    } else target[key] = value;
  }
  if (isSuspect) checkNames(keys);
  return Object.freeze(target);
}

function checkNames(names: readonly string[]): void {
  const field = redactionSwitch(names);
  if (field !== undefined) throw unredactable(field, 'the data');
}
