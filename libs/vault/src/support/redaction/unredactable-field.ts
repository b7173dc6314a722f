import { inspect } from 'node:util';
import type { VaultErrorOptions } from '../../errors/vault-error.js';
import { VaultSecretUnredactableError } from '../../errors/vault-secret-unredactable.error.js';
import { fieldPath } from '../json/field-path.js';

type Name = string | symbol;

/** What an object must not have as fields of its own, all of a row together, because then a logger goes through its fields. */
const switches: readonly (readonly [Name, ...Name[]])[] = [
  ['toJSON'],
  [inspect.custom],
  [Symbol.toPrimitive],
  // pino takes an object with these for an HTTP response (asks it for its headers, shows its status), or for a request.
  ['setHeader'],
  ['getHeaders'],
  ['headersSent', 'statusCode'],
  ['method', 'headers', 'socket'],
];

/** Names after which to look closer: one of each row above, and what cannot be assigned because the prototype has it. */
export const suspectNames: object = Object.freeze(
  Object.assign(
    Object.create(null) as object,
    Object.fromEntries([...switches.map((row) => row.at(-1)), 'toString'].map((name) => [name, true])),
  ),
);

/** The field that switches off the redaction of an object with fields of these names. */
export function redactionSwitch(names: readonly Name[]): string | undefined {
  const row = switches.find((together) => together.every((name) => names.includes(name)));
  return row === undefined ? undefined : String(row[0]);
}

/** The path of the first such field in plain data, such as `smtp.toJSON`. */
export function unredactableField(data: unknown): string | undefined {
  let name: string | undefined;
  const place = fieldPath(data, (value) => {
    name = typeof value === 'object' && value !== null && !Array.isArray(value) ? redactionSwitch(Reflect.ownKeys(value)) : undefined;
    return name !== undefined;
  });
  return place === undefined || place === '' ? name : `${place}.${name}`;
}

/** @param where what has the field, such as `the answer to GET secret/data/app` */
export function unredactable(field: string, where: string, facts: VaultErrorOptions = {}): VaultSecretUnredactableError {
  const shown = field.length > 120 ? `…${field.slice(-120)}` : field;
  return new VaultSecretUnredactableError(
    `The field ${shown} of ${where} has a name that makes loggers show the fields beside it.`,
    field,
    {
      ...facts,
      remedy: 'Give it another name, or use `vault.nodeVault`, whose bodies are plain objects that no logger hides.',
    },
  );
}
