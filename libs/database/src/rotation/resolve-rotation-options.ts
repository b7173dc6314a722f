import { DatabaseConfigurationError } from '../errors/database-configuration.error.js';
import type { ResolvedRotationOptions, RotationOptions } from './rotation-options.js';

const defaults: ResolvedRotationOptions = {
  atFraction: 0.8,
  jitter: 0.1,
  drainMs: 30_000,
  onDrainDeadline: 'terminate',
  validationQuery: 'SELECT 1',
  maxConnections: undefined,
  credentialBudgetMs: 30_000,
  outageBudgetMs: undefined,
  mintBudget: 3,
  mintWindowMs: 60_000,
  shutdownMs: 10_000,
};

const ranges = {
  atFraction: [0.1, 0.95],
  jitter: [0, 0.5],
  drainMs: [0, 86_400_000],
  maxConnections: [2, 100_000],
  credentialBudgetMs: [0, 3_600_000],
  outageBudgetMs: [0, 3_600_000],
  mintBudget: [1, 1_000],
  mintWindowMs: [1_000, 86_400_000],
  shutdownMs: [0, 3_600_000],
} as const;

const wholeNumbers: ReadonlySet<string> = new Set(['maxConnections', 'mintBudget']);

/**
 * Fills in the defaults and checks what was given.
 * @throws DatabaseConfigurationError that names the option, what was expected and what was found
 */
export function resolveRotationOptions(given: RotationOptions = {}): ResolvedRotationOptions {
  for (const [name, [least, most]] of Object.entries(ranges)) {
    const value: unknown = given[name as keyof typeof ranges];
    if (value === undefined) continue;
    const isWhole = wholeNumbers.has(name);
    const fits = typeof value === 'number' && value >= least && value <= most && (!isWhole || Number.isInteger(value));
    if (!fits) refuse(name, `a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`, value);
  }
  const { validationQuery, onDrainDeadline } = given;
  if (validationQuery !== undefined && (typeof validationQuery !== 'string' || validationQuery.trim() === '')) {
    refuse('validationQuery', 'an SQL statement', validationQuery);
  }
  if (onDrainDeadline !== undefined && onDrainDeadline !== 'terminate' && onDrainDeadline !== 'wait') {
    refuse('onDrainDeadline', "'terminate' or 'wait'", onDrainDeadline);
  }
  const unknown = Object.keys(given).find((name) => !(name in defaults));
  if (unknown !== undefined) refuse(unknown, `one of ${Object.keys(defaults).join(', ')}`, unknown);
  return { ...defaults, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

function refuse(name: string, expected: string, found: unknown): never {
  throw new DatabaseConfigurationError(`rotation.${name} must be ${expected}, but is ${JSON.stringify(found) ?? String(found)}.`, {
    setting: `rotation.${name}`,
  });
}
