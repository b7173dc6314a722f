import { redactedArray, redactedPrototype, redactedShape } from './redacted.js';
import { sealSecret } from './seal-secret.js';

/** Deeper data is refused: nothing of Vault's is, and a recursion without bound would end in a stack overflow. */
const deepest = 64;

/**
 * Seals data that comes straight from `JSON.parse` and that nobody else holds: frozen, and shown as `[redacted]` when it is
 * logged or serialised. What `sealSecret` does, faster: arrays are sealed in place.
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
  for (const key of Object.keys(source)) {
    // What the prototype names as well cannot be assigned, and would hide what redacts: the careful form knows how.
    if (key in redactedPrototype) return sealSecret(source);
    const field = source[key];
    target[key] = typeof field === 'object' && field !== null ? seal(field, depth + 1) : field;
  }
  return Object.freeze(target);
}
