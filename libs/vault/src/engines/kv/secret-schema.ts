import type { StandardSchemaV1 } from '@standard-schema/spec';
import { isVaultError } from '../../errors/is-vault-error.js';
import { VaultAbortedError } from '../../errors/vault-aborted.error.js';
import { VaultSecretInvalidError } from '../../errors/vault-secret-invalid.error.js';
import { abandonable } from '../../support/abandonable.js';
import type { Clock } from '../../support/time/clock.js';
import { redactedPrototype } from '../../support/redaction/redacted.js';
import { revealSecret, sealSecret } from '../../support/redaction/seal-secret.js';
import { SystemClock } from '../../support/time/system-clock.js';
import { withinTime } from '../../support/time/within-time.js';

/** A schema of zod, valibot, arktype or any other library that speaks Standard Schema. */
export type SecretSchema<Value = unknown> = StandardSchemaV1<unknown, Value>;

/** For whom a secret is checked, and how long that may take. */
export interface SchemaCall {
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
  /** How long a schema that answers later may take, in milliseconds. Default 15 s. */
  readonly timeoutMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

const usualMs = 15_000;
const machine = new SystemClock();

// Data that comes from the cache is the same object each time: it is checked once for each schema.
const checked = new WeakMap<object, WeakMap<object, unknown>>();

/**
 * What the schema makes of the data of a secret. Plain data (objects, arrays, texts, numbers) is sealed like the secret, and shared
 * by all who ask with the same schema; what can be changed (a Date, a Map, an instance of a class) is made anew for each call.
 * @throws VaultSecretInvalidError that names each field that is wrong, and never a value; also for a schema that throws, or that gives no
 * verdict in time
 */
export async function checkSecret<Value>(data: unknown, schema: SecretSchema<Value>, call: SchemaCall): Promise<Value> {
  if (typeof data !== 'object' || data === null) return validate(data, schema, call);
  const known = checked.get(data);
  if (known?.has(schema) === true) return known.get(schema) as Value;
  const value = await validate(data, schema, call);
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

async function validate<Value>(data: unknown, schema: SecretSchema<Value>, call: SchemaCall): Promise<Value> {
  const { path } = call;
  // Schemas look at prototypes: they get a plain copy.
  const result = await outcomeOf(schema, revealSecret(data), call);
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
  } catch (error) {
    if (isVaultError(error)) throw error;
    throw unusableSchema(path, 'made a value that holds itself, or is nested too deep');
  }
}

async function outcomeOf<Value>(schema: SecretSchema<Value>, data: unknown, call: SchemaCall): Promise<StandardSchemaV1.Result<Value>> {
  try {
    const verdict = schema['~standard'].validate(data);
    return 'then' in verdict ? laterOutcome(verdict, call) : verdict;
  } catch {
    throw unusableSchema(call.path, 'threw an error');
  }
}

/** The verdict of a schema that asks somebody: for as long as the call may take. */
function laterOutcome<Outcome>(
  verdict: Promise<Outcome>,
  { path, signal, timeoutMs = usualMs, clock = machine }: SchemaCall,
): Promise<Outcome> {
  const outcome = Promise.resolve(verdict).catch(() => {
    throw unusableSchema(path, 'threw an error');
  });
  const expired = (): Error => unusableSchema(path, `gave no verdict within ${timeoutMs} ms`);
  const inTime = withinTime(outcome, { clock, timeoutMs, expired });
  return abandonable(inTime, signal, () => new VaultAbortedError(`The caller aborted the check of the secret ${path}.`));
}

function unusableSchema(path: string, problem: string): VaultSecretInvalidError {
  return new VaultSecretInvalidError(`The schema for the secret ${path} ${problem}.`, [], { remedy: 'Correct the schema.' });
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
