import { DatabaseConfigurationError } from '../../errors/database-configuration.error.js';
import { describeValue } from '../../support/describe-value.js';
import type { OptionRule } from './option-rule.js';

/**
 * The options with each one that a rule names as its rule reads it; the others stay as they are. `null` is left out, as pg and TypeORM read
 * it, unless the rule has a meaning for it.
 * @param path where they stand, for messages: `typeorm.extra`; `''` for the options of the driver itself
 * @throws DatabaseConfigurationError that names the first one that is refused, what was expected and the remedy
 */
export function resolveOptions<Options extends object>(
  path: string,
  options: Options,
  rules: Readonly<Record<string, OptionRule>>,
): Options {
  const given = options as Readonly<Record<string, unknown>>;
  const read = Object.entries(rules)
    .filter(([name]) => given[name] !== undefined)
    .map(([name, rule]) => [name, readOption(path === '' ? name : `${path}.${name}`, rule, given[name])]);
  return { ...options, ...Object.fromEntries(read) };
}

function readOption(setting: string, rule: OptionRule, value: unknown): unknown {
  const read = rule.read(value);
  if (read !== undefined) return read;
  if (value === null) return undefined;
  throw new DatabaseConfigurationError(`${setting} must be ${rule.expected}, but is ${describeValue(value)}.`, {
    setting,
    remedy: rule.remedy,
  });
}
