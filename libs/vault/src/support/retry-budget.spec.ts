import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RetryBudget } from './retry-budget.js';

/** How many repetitions there are at once. */
function spendable(budget: RetryBudget): number {
  let spent = 0;
  while (spent < 1_000 && budget.spend()) spent += 1;
  return spent;
}

function afterCalls(calls: number, budget: RetryBudget): RetryBudget {
  for (let call = 0; call < calls; call += 1) budget.earn();
  return budget;
}

describe('The budget of repetitions', () => {
  it.each<[string, number, number, number]>([
    ['begins full', 20, 0, 20],
    ['saves up no more than its reserve', 20, 1_000, 20],
    ['has none where the reserve is less than one', 0.5, 1_000, 0],
    ['gives the last whole one', 1, 0, 1],
  ])('%s: a reserve of %d, after %i calls', (_, reserve, calls, expected) =>
    expect(spendable(afterCalls(calls, new RetryBudget({ ratio: 0.25, reserve })))).toBe(expected),
  );

  it.each([
    [3, 0],
    [4, 1],
    [7, 1],
    [8, 2],
  ])('that is spent earns one repetition with each fourth call: %i calls, %i repetitions', (calls, expected) => {
    const budget = new RetryBudget({ ratio: 0.25, reserve: 20 });
    spendable(budget);
    expect(spendable(afterCalls(calls, budget))).toBe(expected);
  });

  it('never lets more pass than the reserve and the share of all calls', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), fc.integer({ min: 1, max: 20 }), (steps, reserve) => {
        const budget = new RetryBudget({ ratio: 0.25, reserve });
        let [calls, repetitions] = [0, 0];
        for (const isCall of steps) {
          if (isCall) budget.earn();
          if (isCall) calls += 1;
          else if (budget.spend()) repetitions += 1;
          expect(repetitions).toBeLessThanOrEqual(reserve + calls * 0.25);
        }
      }),
    );
  });
});
