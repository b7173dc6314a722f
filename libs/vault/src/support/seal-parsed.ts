import { redactedPrototype } from './redacted.js';
import { sealSecret } from './seal-secret.js';

/** Deeper data is refused: nothing of Vault's is, and a recursion without bound would end in a stack overflow. */
const deepest = 64;

/**
 * Seals data that comes straight from `JSON.parse` and that nobody else holds, in place: frozen, and shown as `[redacted]`
 * when it is logged or serialised. What `sealSecret` does, without the copy.
 * @throws RangeError for data that is nested deeper than 64 levels
 */
export function sealParsed<Value>(value: Value): Value {
  return seal(value, 0) as Value;
}

function seal(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) throw new RangeError('too deep');
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) value[index] = seal(value[index], depth + 1);
    return Object.freeze(value);
  }
  return sealObject(value as Record<string, unknown>, depth);
}

function sealObject(target: Record<string, unknown>, depth: number): object {
  for (const key of Object.keys(target)) {
    const field = target[key];
    if (typeof field !== 'object' || field === null) continue;
    const sealed = seal(field, depth + 1);
    if (sealed !== field) Object.defineProperty(target, key, { value: sealed });
  }
  // A field named toJSON would hide the prototype's: the copying form knows how to hide it.
  if (Object.hasOwn(target, 'toJSON')) return sealSecret(target);
  return Object.freeze(Object.setPrototypeOf(target, redactedPrototype) as object);
}
