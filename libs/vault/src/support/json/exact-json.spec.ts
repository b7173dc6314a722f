import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactNumber } from './exact-number.js';
import { isExactValue, mayBeRounded, parseExactJson } from './exact-json.js';

const digits = (from: number, to: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: from, maxLength: to }).map((list) => list.join(''));
const whole = fc.oneof(
  fc.constant('0'),
  fc.tuple(fc.integer({ min: 1, max: 9 }), digits(0, 24)).map(([first, rest]) => `${first}${rest}`),
);
/** Any number that RFC 8259 allows. */
const jsonNumber = fc
  .record({
    sign: fc.constantFrom('', '-'),
    whole,
    fraction: fc.oneof(
      fc.constant(''),
      digits(1, 24).map((text) => `.${text}`),
    ),
    exponent: fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.integer({ min: 0, max: 420 })).map((parts) => parts.join('')),
    ),
  })
  .map((part) => `${part.sign}${part.whole}${part.fraction}${part.exponent}`);

/** The value as a fraction of whole numbers, which nothing rounds. */
function fractionOf(number: string): { readonly top: bigint; readonly bottom: bigint } {
  const [, sign = '', before = '', after = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const exponent = Number(power) - after.length;
  const top = BigInt(`${sign}${before}${after}`);
  return exponent < 0 ? { top, bottom: 10n ** BigInt(-exponent) } : { top: top * 10n ** BigInt(exponent), bottom: 1n };
}

function isSameValue(left: string, right: string): boolean {
  const [one, other] = [fractionOf(left), fractionOf(right)];
  return one.top * other.bottom === other.top * one.bottom;
}

const withoutNumbers = fc.jsonValue().map((value) => JSON.stringify(value).replaceAll(/-?\d[\d.eE+-]*/g, '7'));

describe('A JSON text with numbers', () => {
  it('is read so that each number has its value, as a number wherever that can hold it', () => {
    fc.assert(
      fc.property(jsonNumber, fc.constantFrom('', ' ', '\n'), (number, space) => {
        const text = `{"a":${space}${number},"list":[0,${space}${number}]}`;
        const read = parseExactJson(text) as { a: unknown; list: unknown[] };
        const plain = Number(number);
        const isHeld = Number.isFinite(plain) && isSameValue(String(plain), number);
        expect(typeof read.a === 'number').toBe(isHeld);
        expect(typeof read.a === 'bigint').toBe(!isHeld && /^-?\d+$/.test(number));
        expect(isSameValue(String(read.a), number)).toBe(true);
        expect(String(read.list[1])).toBe(String(read.a));
        expect(isHeld || mayBeRounded(text)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is read as JSON.parse reads it otherwise: texts with numbers, quotes and backslashes in them stay as they are', () => {
    const confusing = fc.string({
      unit: fc.constantFrom('"', '\\', ':', ',', '1', '12345678901234567890', 'e', '[', ' ', '-', '.', '\n', '\u2028', 'é', '{'),
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        fc.dictionary(confusing, fc.oneof(confusing, fc.constant(1)), { noNullPrototype: true }),
        fc.boolean(),
        (data, pretty) => {
          const text = JSON.stringify({ data, last: 1 }, null, pretty ? 2 : 0);
          expect(parseExactJson(text)).toEqual(JSON.parse(text));
          expect(
            JSON.stringify(parseExactJson(text.replace(/1(\s*})$/, '12345678901234567890$1')), (_, value: unknown) =>
              typeof value === 'bigint' ? 1 : value,
            ),
          ).toBe(JSON.stringify({ data, last: 1 }));
        },
      ),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(withoutNumbers, (text) => {
        expect(parseExactJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is refused wherever JSON.parse refuses it', () => {
    const parts = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"a"',
      '"',
      '0',
      '-',
      '12345678901234567890',
      '0.5',
      '.',
      'e5',
      '1e400',
      ' ',
      'null',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 10 }), (list) => {
        const text = list.join('');
        const outcome = (parse: (text: string) => unknown): boolean => {
          try {
            parse(text);
            return true;
          } catch {
            return false;
          }
        };
        expect(outcome(parseExactJson)).toBe(outcome(JSON.parse));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    '12345678901234',
    '-0',
    '0.1',
    '1.50',
    '0.30000000000000004',
    '1e3',
    '9007199254740992',
    '1e21',
    '5e-324',
    '1.7976931348623157e308',
    '0e999',
  ])('keeps %s as a number', (number) => expect(parseExactJson(`[${number}]`)).toEqual([JSON.parse(number)]));

  it.each(['9007199254740993', '-9007199254740993', '18446744073709551615'])('reads %s as a bigint', (number) =>
    expect(parseExactJson(`[${number}]`)).toEqual([BigInt(number)]),
  );

  it.each(['1e400', '-1E+400', '1e-400', '0.1234567890123456789', '9007199254740993.0', '1e1000000000000'])(
    'reads %s as an ExactNumber',
    (number) => {
      const [read] = parseExactJson(`[${number}]`) as [ExactNumber];
      expect(isExactValue(read)).toBe(true);
      expect(read.text).toBe(number);
    },
  );

  it('keeps __proto__ a field, also beside such a number', () => {
    const read = parseExactJson('{"__proto__":{"a":12345678901234567890}}') as object;
    expect(Object.keys(read)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  it('takes a time that grows with the text and no faster', () => {
    const hostile = [
      `{"a":"${'\\'.repeat(2_000_000)}"}`,
      `{"a":"${'\\"'.repeat(1_000_000)}"}`,
      `[${'1234567890123456,'.repeat(100_000)}1]`,
    ];
    for (const text of hostile) {
      const startedMs = performance.now();
      parseExactJson(text);
      mayBeRounded(text);
      expect(performance.now() - startedMs).toBeLessThan(5_000);
    }
  });
});

describe('ExactNumber', () => {
  it('is made of a JSON number only', () => {
    for (const text of ['', '01', '1.', '.5', 'NaN', '1e', '0x1', ' 1', '1"', '+1']) expect(() => new ExactNumber(text)).toThrow(TypeError);
  });

  it('is in JSON the number that it is, or not at all', () => {
    const number = new ExactNumber('0.12345678901234567890');
    const json = (): string => {
      try {
        return JSON.stringify([number]);
      } catch (error) {
        return error instanceof TypeError ? 'none' : 'another error';
      }
    };
    expect(json()).toBe('rawJSON' in JSON ? '[0.12345678901234567890]' : 'none');
  });
});
