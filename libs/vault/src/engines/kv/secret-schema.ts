import type { StandardSchemaV1 } from '@standard-schema/spec';
import { VaultSecretInvalidError } from '../../errors/vault-secret-invalid.error.js';
import { sealSecret } from '../../support/seal-secret.js';

/** A schema of zod, valibot, arktype or any other library that speaks Standard Schema. */
export type SecretSchema<Value = unknown> = StandardSchemaV1<unknown, Value>;

// Data that comes from the cache is the same object each time: it is checked once for each schema.
const checked = new WeakMap<object, WeakMap<object, Promise<unknown>>>();

/**
 * What the schema makes of the data of a secret, sealed like it.
 * @throws VaultSecretInvalidError that names each field that is wrong, and never a value
 */
export function checkSecret<Value>(data: unknown, schema: SecretSchema<Value>, path: string): Promise<Value> {
  if (typeof data !== 'object' || data === null) return validate(data, schema, path);
  let bySchema = checked.get(data);
  if (bySchema === undefined) checked.set(data, (bySchema = new WeakMap()));
  let outcome = bySchema.get(schema);
  if (outcome === undefined) bySchema.set(schema, (outcome = validate(data, schema, path)));
  return outcome as Promise<Value>;
}

async function validate<Value>(data: unknown, schema: SecretSchema<Value>, path: string): Promise<Value> {
  // Schemas look at prototypes: they get a plain copy.
  const result = await outcomeOf(schema, plain(data), path);
  if (result.issues === undefined) return sealSecret(result.value);
  const fields = [...new Set(result.issues.map(fieldOf))];
  // What the library says about a value may quote it, so only the place and what was expected are passed on.
  const problems = [...new Set(result.issues.map(problemOf))].join('; ');
  throw new VaultSecretInvalidError(`The secret ${path} is not what its schema says: ${problems}.`, fields, {
    remedy: 'Correct the secret in Vault, or the schema.',
  });
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
