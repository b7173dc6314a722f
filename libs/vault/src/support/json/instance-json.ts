import { isBoxedPrimitive } from 'node:util/types';
import { VaultRequestError } from '../../errors/vault-request.error.js';
import { fieldPath } from './field-path.js';
import { redacted } from '../redaction/redacted.js';

/** Whether JSON makes something else of the instance of a class than its fields. */
export function hasOwnJson(instance: object): instance is { toJSON(): unknown } {
  return isBoxedPrimitive(instance) || ('toJSON' in instance && typeof instance.toJSON === 'function');
}

/**
 * What JSON makes of such an instance: of a Date or a URL its text.
 * @throws VaultRequestError where that is `[redacted]` or has it in a field: it would be written in the place of the value
 */
export function ownJsonOf(instance: { toJSON(): unknown }): unknown {
  if (isBoxedPrimitive(instance)) return instance.valueOf();
  const json = instance.toJSON();
  const field = fieldPath(json, (value) => value === redacted);
  if (field === undefined) return json;
  const shown = field === '' ? 'its value' : `its field ${field}`;
  throw new VaultRequestError(`A body holds an instance of ${instance.constructor.name} that hides ${shown} from JSON; nothing was sent.`, {
    sent: false,
    remedy: 'Give what is to be written field by field.',
  });
}
