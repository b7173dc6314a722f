import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PriorityQueue } from './priority-queue.js';

const sooner = (left: number, right: number): boolean => left < right;

/** Takes all out, the first each time. */
function drained(queue: PriorityQueue<number, number>): readonly number[] {
  const keys: number[] = [];
  for (let first = queue.first; first !== undefined; first = queue.first) {
    keys.push(queue.firstKey!);
    queue.delete(first);
  }
  return keys;
}

describe('PriorityQueue', () => {
  it('is what a sorted list would be, whatever is added, moved and removed', () => {
    const item = fc.nat({ max: 40 });
    const step = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), item, key: fc.integer({ min: -50, max: 50 }) }),
      fc.record({ kind: fc.constant('delete' as const), item }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new PriorityQueue<number, number>(sooner);
        const model = new Map<number, number>();
        const changed: (readonly [boolean, boolean])[] = [];
        for (const one of steps) {
          if (one.kind === 'set') {
            queue.set(one.item, one.key);
            model.set(one.item, one.key);
          } else changed.push([queue.delete(one.item), model.delete(one.item)]);
          const keys = [...model.values()].toSorted((a, b) => a - b);
          expect([queue.size, queue.firstKey]).toEqual([model.size, keys[0]]);
          expect(queue.has(one.item)).toBe(model.has(one.item));
          expect(model.get(queue.first ?? -1)).toBe(keys[0]);
        }
        for (const [ours, theirs] of changed) expect(ours).toBe(theirs);
        expect(new Set(queue.items())).toEqual(new Set(model.keys()));
        expect(drained(queue)).toEqual([...model.values()].toSorted((a, b) => a - b));
      }),
    );
  });

  it('compares a few times a change, however many there are', () => {
    let comparisons = 0;
    const queue = new PriorityQueue<number, number>((left, right) => {
      comparisons += 1;
      return left < right;
    });
    const count = 65_536;
    const changes = 3 * count;
    for (let index = 0; index < count; index += 1) queue.set(index, (index * 7_919) % count);
    for (let index = 0; index < count; index += 1) queue.set(index, (index * 104_729) % count);
    for (let index = 0; index < count; index += 1) queue.delete(index);
    expect(queue.size).toBe(0);
    expect(comparisons / changes).toBeLessThan(3 * Math.log2(count));
  });

  it('is empty once it was cleared', () => {
    const queue = new PriorityQueue<string, number>(sooner);
    queue.set('one', 1);
    queue.clear();
    expect([queue.size, queue.first, queue.firstKey, queue.has('one')]).toEqual([0, undefined, undefined, false]);
  });
});
