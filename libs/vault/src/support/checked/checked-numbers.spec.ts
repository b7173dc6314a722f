import { describe, expect, it } from 'vitest';
import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import { checkedCount } from './checked-count.js';
import { checkedDelayMs, checkedMs } from './checked-ms.js';

type Check = (value: unknown) => unknown;

const checks: Readonly<Record<string, Check>> = {
  'a time-out': (value) => checkedMs(value, 'timeoutMs'),
  'a delay': (value) => checkedDelayMs(value as number),
  'a count': (value) => checkedCount(value as number, 'version'),
};

/** Values of an application, and for which of the checks they pass. */
const table: readonly (readonly [string, unknown, readonly string[]])[] = [
  ['1', 1, ['a time-out', 'a delay', 'a count']],
  ['0', 0, ['a delay', 'a count']],
  ['0.5', 0.5, ['a time-out', 'a delay']],
  ['-1', -1, []],
  ['NaN', Number.NaN, []],
  ['Infinity', Number.POSITIVE_INFINITY, []],
  ['-Infinity', Number.NEGATIVE_INFINITY, []],
  ['1e21, which is no count that Vault reads', 1e21, ['a time-out', 'a delay']],
  ['null', null, []],
  ['nothing', undefined, []],
  ['true', true, []],
  ['a list', [1, 2], []],
  ['an object', {}, []],
];

describe('A number of an application', () => {
  it.each(table)('that is %s passes for what it can be, as it is, and is refused for anything else', (_, value, passes) => {
    const passed = Object.entries(checks).filter(([, check]) => {
      try {
        return Object.is(check(value), value);
      } catch (error) {
        return !(error instanceof VaultConfigurationError);
      }
    });
    expect(passed.map(([name]) => name)).toEqual(passes);
  });
});

describe('The refusal of a number', () => {
  it.each<[unknown, string]>([
    [-5, 'is -5'],
    [Number.NaN, 'is NaN'],
    [Number.POSITIVE_INFINITY, 'is Infinity'],
    ['s3cret', 'is of the type string'],
    [null, 'is of the type null'],
    [undefined, 'is of the type undefined'],
    [{ token: 's3cret' }, 'is of the type object'],
  ])('shows numbers, and of another value its type alone: %j', (value, shown) => {
    const refusal = (): unknown => checkedMs(value, 'timeoutMs');
    expect(refusal).toThrow(
      expect.objectContaining({
        code: 'VAULT_CONFIGURATION_INVALID',
        setting: 'timeoutMs',
        sent: false,
        message: `\`timeoutMs\` ${shown}, which cannot be used. Give a number of milliseconds above 0, such as 3_000.`,
      }) as Error,
    );
  });

  it.each<[string, Check, string, string]>([
    ['a time-out', checks['a time-out']!, 'timeoutMs', 'above 0'],
    ['a delay', checks['a delay']!, 'delayMs', '0 or more'],
    ['a count', checks['a count']!, 'version', 'whole number, 0 or more'],
  ])('names %s, and what it has to be', (_, check, setting, words) =>
    expect(() => check(-1)).toThrow(expect.objectContaining({ setting, remedy: expect.stringContaining(words) as string }) as Error),
  );
});
