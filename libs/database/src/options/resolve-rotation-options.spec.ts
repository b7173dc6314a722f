import { describe, expect, it } from 'vitest';
import { resolveRotationOptions } from './resolve-rotation-options.js';
import type { RotationOptions } from './rotation-options.js';

describe('resolveRotationOptions', () => {
  it('fills in what is safe in production', () => {
    expect(resolveRotationOptions({ drainMs: 5_000 })).toMatchObject({
      drainMs: 5_000,
      atFraction: 0.8,
      mintBudget: 3,
      validationQuery: 'SELECT 1',
    });
  });

  it('takes text of a number as the number, as an environment variable gives it', () => {
    const given = { atFraction: '0.5', jitter: '0', drainMs: '5000', maxConnections: '20', mintBudget: ' 5 ' };
    const resolved = { atFraction: 0.5, jitter: 0, drainMs: 5_000, maxConnections: 20, mintBudget: 5 };
    expect(resolveRotationOptions(given as unknown as RotationOptions)).toMatchObject(resolved);
  });

  const numbers = Object.keys({
    atFraction: 0,
    jitter: 0,
    drainMs: 0,
    maxConnections: 0,
    credentialBudgetMs: 0,
    outageBudgetMs: 0,
    mintBudget: 0,
    mintWindowMs: 0,
    sourceTimeoutMs: 0,
    shutdownMs: 0,
  } satisfies Record<keyof Omit<RotationOptions, 'validationQuery' | 'onDrainDeadline'>, number>);
  const values = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    '-1',
    '',
    ' ',
    '3s',
    'NaN',
    'Infinity',
    1n,
    null,
    true,
    [1],
    { ms: 1 },
    new Date(0),
  ];

  it.each(numbers.flatMap((name) => values.map((value) => [name, value] as const)))('refuses %s: %o by name', (name, value) => {
    expect(() => resolveRotationOptions({ [name]: value })).toThrow(
      expect.objectContaining({
        code: 'DATABASE_CONFIGURATION_INVALID',
        setting: `rotation.${name}`,
        message: expect.stringMatching(/^rotation\.\w+ must be a (?:whole )?number from .+, but is .+\. Correct it, or/),
      }),
    );
  });

  it.each<[RotationOptions, string]>([
    [{ atFraction: 0.05 }, 'rotation.atFraction'],
    [{ atFraction: Number.NaN }, 'rotation.atFraction'],
    [{ jitter: 0.6 }, 'rotation.jitter'],
    [{ drainMs: -1 }, 'rotation.drainMs'],
    [{ drainMs: '30s' as unknown as number }, 'rotation.drainMs'],
    [{ mintBudget: 0 }, 'rotation.mintBudget'],
    [{ mintBudget: 1.5 }, 'rotation.mintBudget'],
    [{ maxConnections: 10.5 }, 'rotation.maxConnections'],
    [{ validationQuery: ' ' }, 'rotation.validationQuery'],
    [{ onDrainDeadline: 'kill' as 'wait' }, 'rotation.onDrainDeadline'],
    [{ drain: 5 } as RotationOptions, 'rotation.drain'],
  ])('refuses %j by name', (options, setting) => {
    expect(() => resolveRotationOptions(options)).toThrow(expect.objectContaining({ code: 'DATABASE_CONFIGURATION_INVALID', setting }));
  });
});
