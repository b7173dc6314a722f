import { unredactable } from './unredactable-field.js';

const targets = new WeakMap<object, object>();

/**
 * An object whose fields are read one by one by name, and that throws when somebody goes through all of them: for data that has to pass
 * although a field of it would switch off its redaction.
 * @param field the name of that field
 */
export function guardedFields(target: object, field: string): object {
  const guarded = new Proxy(target, {
    ownKeys() {
      throw unredactable(field, 'a body');
    },
  });
  targets.set(guarded, target);
  return guarded;
}

/** What is behind the guard; the value itself where there is none. */
export function unguarded(value: object): object {
  return targets.get(value) ?? value;
}
