import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, isJsonObject, isSeconds, isWholeNumber, numberOf, textOf, textsOf } from './json-fields.js';

/** Of each kind of value that JSON, or an exact number in it, can be. */
const samples: Readonly<Record<string, unknown>> = {
  object: { a: 1 },
  'an empty object': {},
  list: [1],
  text: 'text',
  'empty text': '',
  'a number in text': '60',
  zero: 0,
  whole: 60,
  fraction: 1.5,
  negative: -1,
  bigint: 9_007_199_254_740_993n,
  'not a number': Number.NaN,
  infinite: Number.POSITIVE_INFINITY,
  true: true,
  null: null,
  nothing: undefined,
};

describe('A value of an answer', () => {
  it.each<[string, (value: unknown) => boolean, readonly string[]]>([
    ['a JSON object', isJsonObject, ['object', 'an empty object']],
    ['seconds', isSeconds, ['zero', 'whole', 'fraction']],
    ['a whole number of things', isWholeNumber, ['zero', 'whole']],
  ])('is taken for %s where it is one', (_, isSuch, taken) => {
    expect(Object.keys(samples).filter((name) => isSuch(samples[name]))).toEqual(taken);
  });

  it.each<[number, boolean]>([
    [9_223_372_036, true],
    [9_223_372_037, false],
    [-0.001, false],
  ])('of %d s: is a time that Vault can count: %s', (seconds, isTime) => expect(isSeconds(seconds)).toBe(isTime));

  it.each<[number, boolean]>([
    [Number.MAX_SAFE_INTEGER, true],
    [Number.MAX_SAFE_INTEGER + 1, false],
  ])('of %d things: is a count that is not rounded: %s', (count, isCount) => expect(isWholeNumber(count)).toBe(isCount));
});

describe('A field of an answer that is of another type than expected', () => {
  it('is 0 where a finite number was expected', () => {
    const read = Object.entries(samples).filter(([, value]) => numberOf(value) !== 0);
    expect(read.map(([name]) => name)).toEqual(['whole', 'fraction', 'negative']);
  });

  it('is empty where text was expected', () => {
    const read = Object.entries(samples).filter(([, value]) => textOf(value) !== '');
    expect(read.map(([name]) => name)).toEqual(['text', 'a number in text']);
  });

  it('has no fields where an object was expected', () => {
    const read = Object.entries(samples).filter(([, value]) => Object.keys(fieldsOf(value)).length > 0);
    expect(read.map(([name]) => name)).toEqual(['object']);
  });

  it('lists nothing where a list of texts was expected, and of a list the texts alone, in their order', () => {
    expect(textsOf(Object.values(samples))).toEqual(['text', '', '60']);
    for (const value of Object.values(samples)) expect(textsOf(value)).toEqual([]);
  });

  it('is never made up: what is read is what was there, or the empty value', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect([value, '']).toContainEqual(textOf(value));
        expect([value, 0]).toContainEqual(numberOf(value));
      }),
    );
  });
});
