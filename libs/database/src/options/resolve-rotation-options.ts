import { DatabaseConfigurationError } from '../errors/database-configuration.error.js';
import { describeValue } from '../support/describe-value.js';
import { describeRange, numberIn, type NumberRange } from '../support/number-range.js';
import type { ResolvedRotationOptions, RotationOptions } from './rotation-options.js';

const defaults: ResolvedRotationOptions = {
  atFraction: 0.8,
  jitter: 0.1,
  drainMs: 30_000,
  onDrainDeadline: 'terminate',
  validationQuery: 'SELECT 1',
  // Twice the size of the pool: `RotatingPool` fills it in.
  maxConnections: undefined,
  credentialBudgetMs: 30_000,
  // The connect time-out of the data source: `RotatingPool` fills it in.
  outageBudgetMs: undefined,
  mintBudget: 3,
  mintWindowMs: 60_000,
  sourceTimeoutMs: 60_000,
  shutdownMs: 10_000,
};

const ranges: Readonly<Record<string, NumberRange>> = {
  atFraction: { least: 0.1, most: 0.95 },
  jitter: { least: 0, most: 0.5 },
  drainMs: { least: 0, most: 86_400_000 },
  maxConnections: { least: 2, most: 100_000, whole: true },
  credentialBudgetMs: { least: 0, most: 3_600_000 },
  outageBudgetMs: { least: 0, most: 3_600_000 },
  mintBudget: { least: 1, most: 1_000, whole: true },
  mintWindowMs: { least: 1_000, most: 86_400_000 },
  sourceTimeoutMs: { least: 100, most: 3_600_000 },
  shutdownMs: { least: 0, most: 3_600_000 },
};

/**
 * Fills in the defaults and checks what was given. Text of a number, as an environment variable gives it, becomes the number.
 * @throws DatabaseConfigurationError that names the option, what was expected and what was found
 */
export function resolveRotationOptions(given: RotationOptions = {}): ResolvedRotationOptions {
  const { validationQuery, onDrainDeadline } = given;
  if (validationQuery !== undefined && (typeof validationQuery !== 'string' || validationQuery.trim() === '')) {
    refuse('validationQuery', 'an SQL statement', validationQuery);
  }
  if (onDrainDeadline !== undefined && onDrainDeadline !== 'terminate' && onDrainDeadline !== 'wait') {
    refuse('onDrainDeadline', "'terminate' or 'wait'", onDrainDeadline);
  }
  const unknown = Object.keys(given).find((name) => !(name in defaults));
  if (unknown !== undefined) refuseUnknown(unknown);
  const found = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(found.map(([name, value]) => [name, readOption(name, value)])) };
}

function readOption(name: string, value: unknown): unknown {
  const range = ranges[name];
  return range === undefined ? value : (numberIn(range, value) ?? refuse(name, describeRange(range), value));
}

function refuse(name: string, expected: string, found: unknown): never {
  const setting = `rotation.${name}`;
  throw new DatabaseConfigurationError(`${setting} must be ${expected}, but is ${describeValue(found)}.`, {
    setting,
    remedy: 'Correct it, or leave it out for its default.',
  });
}

function refuseUnknown(name: string): never {
  throw new DatabaseConfigurationError(`rotation.${name} is not an option of the rotation.`, {
    setting: `rotation.${name}`,
    remedy: `The options are ${Object.keys(defaults).join(', ')}.`,
  });
}
