import type { StandardSchemaV1 } from '@standard-schema/spec';
import { VaultSecretInvalidError } from '../../errors/vault-secret-invalid.error.js';
import { redactedPrototype } from '../../support/redacted.js';
import { sealSecret } from '../../support/seal-secret.js';

/** A schema of zod, valibot, arktype or any other library that speaks Standard Schema. */
export type SecretSchema<Value = unknown> = StandardSchemaV1<unknown, Value>;

// Data that comes from the cache is the same object each time: it is checked once for each schema.
const checked = new WeakMap<object, WeakMap<object, unknown>>();

/**
 * What the schema makes of the data of a secret. Plain data (objects, arrays, texts, numbers) is sealed like the secret, and shared
 * by all who ask with the same schema; what can be changed (a Date, a Map, an instance of a class) is made anew for each call.
 * @throws VaultSecretInvalidError that names each field that is wrong, and never a value; also for a schema that throws
 */
export async function checkSecret<Value>(data: unknown, schema: SecretSchema<Value>, path: string): Promise<Value> {
  if (typeof data !== 'object' || data === null) return validate(data, schema, path);
  const known = checked.get(data);
  if (known?.has(schema) === true) return known.get(schema) as Value;
  const value = await validate(data, schema, path);
  if (isUnchangeable(value)) {
    if (known === undefined) checked.set(data, new WeakMap([[schema, value]]));
    else known.set(schema, value);
  }
  return value;
}

/** Whether the sealed value is plain data all the way down: then it is frozen as well. */
function isUnchangeable(value: unknown): boolean {
  if (typeof value === 'function') return false;
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return Object.isFrozen(value) && value.every(isUnchangeable);
  if (Object.getPrototypeOf(value) !== redactedPrototype || !Object.isFrozen(value)) return false;
  return Object.getOwnPropertyNames(value).every((name) => isUnchangeable((value as Record<string, unknown>)[name]));
}

async function validate<Value>(data: unknown, schema: SecretSchema<Value>, path: string): Promise<Value> {
  // Schemas look at prototypes: they get a plain copy.
  const result = await outcomeOf(schema, plain(data), path);
  if (result.issues === undefined) return sealed(result.value, path);
  const fields = [...new Set(result.issues.map(fieldOf))];
  // What the library says about a value may quote it, so only the place and what was expected are passed on.
  const problems = [...new Set(result.issues.map(problemOf))].join('; ');
  throw new VaultSecretInvalidError(`The secret ${path} is not what its schema says: ${problems}.`, fields, {
    remedy: 'Correct the secret in Vault, or the schema.',
  });
}

function sealed<Value>(value: Value, path: string): Value {
  try {
    return sealSecret(value);
  } catch {
    throw new VaultSecretInvalidError(`The schema for the secret ${path} made a value that holds itself, or is nested too deep.`, [], {
      remedy: 'Correct the schema.',
    });
  }
}

async function outcomeOf<Value>(schema: SecretSchema<Value>, data: unknown, path: string): Promise<StandardSchemaV1.Result<Value>> {
  try {
    return await schema['~standard'].validate(data);
  } catch {
    throw new VaultSecretInvalidError(`The schema for the secret ${path} threw an error.`, [], { remedy: 'Correct the schema.' });
  }
}

function plain(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(plain);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.getOwnPropertyNames(data).map((name) => [name, plain((data as Record<string, unknown>)[name])]));
}

function fieldOf(issue: StandardSchemaV1.Issue): string {
  return (issue.path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.');
}

function problemOf(issue: StandardSchemaV1.Issue): string {
  const field = fieldOf(issue);
  const expected: unknown = (issue as { readonly expected?: unknown }).expected;
  const words =
    typeof expected === 'string' && expectedWords.has(expected)
      ? ` is not ${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`
      : ' is wrong';
  return `${field === '' ? 'the secret as a whole' : `field ${field}`}${words}`;
}

/** Names of types only: a schema could quote a value as what it expected. */
const expectedWords: ReadonlySet<string> = new Set(['string', 'number', 'int', 'boolean', 'array', 'object', 'record', 'date', 'bigint']);
