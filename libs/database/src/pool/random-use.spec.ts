import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Trial, type Step, type Use } from './random-use.fixture.js';

/** Most of the time the server is well: a rotation gets nowhere otherwise. */
const wellAgain = ['well', 'well', 'well', 'well', 'well'] as const;
const which = fc.nat(7);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('acquire'), releases: fc.constantFrom(false, false, true) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('release'),
      which,
      reason: fc.constantFrom(undefined, undefined, false, true, new Error('bad')),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('releaseAgain' as const, 'breakUsed' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('breakIdle') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('rotate'),
      drainMs: fc.constantFrom(undefined, 0, 0, 5, 500),
      aborts: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.constantFrom(0, 1, 3, 4, 10, 10, 400, 3_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('mood'), mood: fc.constantFrom(...wellAgain, 'away', 'full', 'refusing', 'silent') }),
  },
);
const use: fc.Arbitrary<Use> = fc
  .record({
    connections: fc.integer({ min: 1, max: 3 }),
    spare: fc.integer({ min: 1, max: 3 }),
    handOff: fc.boolean(),
    acquireTimeoutMs: fc.constantFrom(undefined, 40, 2_000),
  })
  .map(({ connections, spare, handOff, acquireTimeoutMs }) => ({
    connections,
    handOff,
    acquireTimeoutMs,
    maxConnections: connections + spare,
  }));

describe('A pool under random callers, rotations and faults', () => {
  it('lends no connection twice, loses no permit, answers every caller once, and ends', async () => {
    await fc.assert(
      fc.asyncProperty(use, fc.array(step, { minLength: 5, maxLength: 60 }), async (given, steps) => {
        const trial = new Trial(given);
        for (const one of steps) await trial.take(one);
        expect(await trial.finish()).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
