import { describe, expect, it } from 'vitest';
import { TokenUses } from './token-uses.js';

function usesOf(total: number) {
  const uses = new TokenUses(total, 1);
  const idle: boolean[] = [];
  const retire = (): void => uses.retire((leased) => idle.push(leased));
  return { uses, idle, retire };
}

describe('The uses of a token', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [100, 99],
  ])('of %d serve %d calls: one is kept to end it, unless it is the only one', (total, calls) => {
    const { uses } = usesOf(total);
    expect(Array.from({ length: total + 2 }, () => uses.take()).filter(Boolean)).toHaveLength(calls);
    expect(uses.spend()).toBe(false);
  });

  it('are over for good when it is retired, and its last call ends it', () => {
    const { uses, idle, retire } = usesOf(9);
    uses.take();
    uses.take();
    retire();
    expect(uses.take()).toBe(false);
    uses.ended(false);
    expect(idle).toEqual([]);
    uses.ended(false);
    expect(idle).toEqual([false]);
  });

  it('tell of a lease that would end with it', () => {
    const { uses, idle, retire } = usesOf(9);
    uses.take();
    uses.take();
    uses.ended(true);
    uses.ended(false);
    retire();
    expect(idle).toEqual([true]);
  });
});
