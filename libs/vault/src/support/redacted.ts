import { inspect } from 'node:util';

export const redacted = '[redacted]';

/**
 * What replaces a secret wherever it could be shown: `inspect`, `console.log`, template strings and JSON.
 * Objects that hold secrets have it as their prototype, so that loggers which know nothing of them are safe as well.
 * It has no `constructor` and no `__proto__`: a secret with such a key stays an ordinary key.
 */
export const redactedPrototype: object = Object.freeze(
  Object.defineProperties(Object.create(null) as object, {
    toJSON: { value: () => redacted },
    toString: { value: () => redacted },
    [Symbol.toPrimitive]: { value: () => redacted },
    [inspect.custom]: { value: () => redacted },
  }),
);

/** The fields on an object that shows itself as `[redacted]`, frozen. Not deep: nested objects are taken as they are. */
export function redactedObject<Fields extends object>(fields: Fields): Readonly<Fields> {
  return Object.freeze(Object.setPrototypeOf(fields, redactedPrototype) as Fields);
}
