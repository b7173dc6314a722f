import { inspect } from 'node:util';

export const redacted = '[redacted]';

/**
 * What replaces a secret wherever it could be shown: `inspect`, `console.log`, template strings and JSON.
 * Objects that hold secrets have it as their prototype, so that loggers which know nothing of them are safe as well.
 * `sealSecret()` gives it to the data of Vault, and `SecretValue` does the same for a single text.
 * It has no `constructor` and no `__proto__`: a secret with such a key stays an ordinary key.
 */
export const redactedPrototype: object = Object.freeze(Object.defineProperties(Object.create(null) as object, redacting()));

/** The same for arrays, which stay arrays in every other respect. */
const redactedArrayPrototype: object = Object.freeze(Object.create(Array.prototype, redacting()));

function redacting(): PropertyDescriptorMap {
  return {
    toJSON: { value: () => redacted },
    toString: { value: () => redacted },
    [Symbol.toPrimitive]: { value: () => redacted },
    [inspect.custom]: { value: () => redacted },
    // pino goes through the fields of what it is given to log, without asking `toJSON`, unless it takes it for an HTTP response.
    setHeader: { value: () => undefined },
    // Such a response is asked for its headers, and one that cannot tell them is shown with its field `_headers`.
    getHeaders: { value: () => undefined },
  };
}

/** The array itself, frozen, which shows itself as `[redacted]`. */
export function redactedArray<Item>(items: Item[]): readonly Item[] {
  return Object.freeze(Object.setPrototypeOf(items, redactedArrayPrototype) as Item[]);
}

type Writable<Fields> = { -readonly [Key in keyof Fields]: Fields[Key] };

/**
 * A constructor of objects that show themselves as `[redacted]`, for shapes that are made with every call: to set the
 * prototype of an object that exists costs ten times as much.
 * @param init a `function` that sets the fields of `this`
 */
export function redactedShape<Fields extends object, From extends readonly unknown[]>(
  init: (this: Writable<Fields>, ...from: From) => void,
): new (...from: From) => Fields {
  init.prototype = redactedPrototype;
  return init as unknown as new (...from: From) => Fields;
}

/** The fields on an object that shows itself as `[redacted]`, frozen. Not deep: nested objects are taken as they are. */
export function redactedObject<Fields extends object>(fields: Fields): Readonly<Fields> {
  return Object.freeze(Object.setPrototypeOf(fields, redactedPrototype) as Fields);
}
