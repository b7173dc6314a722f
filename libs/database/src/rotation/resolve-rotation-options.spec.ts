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
