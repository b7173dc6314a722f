import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldPath } from './field-path.js';

const isMark = (value: unknown): boolean => value === 'mark';

/** The mark below so many objects. */
function below(levels: number): unknown {
  let data: unknown = 'mark';
  for (let level = 0; level < levels; level += 1) data = { a: data };
  return data;
}

describe('The path of a value in data', () => {
  it.each<[string, unknown, string | undefined]>([
    ['the data itself', 'mark', ''],
    ['a field', { a: 1, b: 'mark' }, 'b'],
    ['an entry of a list in a field', { limits: ['x', { max: 'mark' }] }, 'limits.1.max'],
    ['the first of several, as the fields are written', { b: { c: 'mark' }, a: 'mark' }, 'b.c'],
    ['nowhere', { a: { b: ['x'] } }, undefined],
    ['nowhere in what has no fields', null, undefined],
  ])('names %s', (_, data, path) => expect(fieldPath(data, isMark)).toBe(path));

  it('is found down to a hundred levels, and looked for no deeper', () => {
    expect(fieldPath(below(101), isMark)?.split('.')).toHaveLength(101);
    expect(fieldPath(below(102), isMark)).toBeUndefined();
  });

  it('is looked for to an end in data that holds itself', () => {
    const own: Record<string, unknown> = { a: 1 };
    own['self'] = own;
    expect(fieldPath(own, isMark)).toBeUndefined();
  });

  it('leads to such a value wherever the data has one', () => {
    const values = [fc.constant('mark'), fc.integer(), fc.array(fc.constantFrom('mark', 1), { maxLength: 2 })];
    fc.assert(
      fc.property(fc.object({ maxDepth: 4, key: fc.stringMatching(/^[a-z]{1,3}$/), values }), (data) => {
        const path = fieldPath(data, isMark);
        const found = path?.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], data);
        expect(found).toBe(JSON.stringify(data).includes('"mark"') ? 'mark' : undefined);
      }),
    );
  });
});
