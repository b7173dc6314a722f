import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../support/json/exact-number.js';
import { bodyOf, camelCase, camelDeep, camelFields, camelMap } from './engine-fields.js';

const values = (fields: object): readonly number[] => Object.values(fields as Record<string, number>).toSorted((one, other) => one - other);

describe('The names of an answer', () => {
  it.each([
    ['lease_duration', 'leaseDuration'],
    ['ca_chain_1', 'caChain1'],
    ['sha_256_sum', 'sha256Sum'],
    ['plain', 'plain'],
    ['alreadyCamel', 'alreadyCamel'],
    ['_leading', 'Leading'],
    ['trailing_', 'trailing_'],
    ['UPPER_CASE', 'UPPER_CASE'],
  ])('%s becomes %s', (name, expected) => expect(camelCase(name)).toBe(expected));

  it.each<[string, object, object]>([
    ['are renamed at the top alone', { a_b: { c_d: 1 } }, { aB: { c_d: 1 } }],
    ['stay both where they would become one', { a_b: 1, aB: 2, c_d: 3 }, { a_b: 1, aB: 2, cD: 3 }],
    ['stay all three where they would become one', { a_b: 1, aB: 2, x_y: 3, xY: 4 }, { a_b: 1, aB: 2, x_y: 3, xY: 4 }],
  ])('%s', (_, data, expected) => expect({ ...(camelFields(data) as object) }).toEqual(expected));

  it('that are mount paths stay, and those of each mount are renamed all the way down', () => {
    const mounts = camelMap({
      'my_kv/': { default_lease_ttl: 0, options: [{ max_versions: 5 }] },
    }) as Record<string, unknown>;
    expect(Object.keys(mounts)).toEqual(['my_kv/']);
    expect({ ...(mounts['my_kv/'] as object) }).toMatchObject({
      defaultLeaseTtl: 0,
    });
    expect(Object.keys((mounts['my_kv/'] as { options: object[] }).options[0]!)).toEqual(['maxVersions']);
  });

  it.each([null, 'text', 5, true, undefined, 5n])('of %s, which has none, are none: it stays as it is', (data) => {
    for (const convert of [camelFields, camelMap, camelDeep]) expect(convert(data)).toBe(data);
  });

  it('of an exact number are not touched', () => {
    const number = new ExactNumber('1e400');
    for (const convert of [camelFields, camelDeep]) expect(convert(number)).toBe(number);
    expect((camelDeep({ a: [number] }) as { a: unknown[] }).a[0]).toBe(number);
  });

  it('stay all where one of two that stay is what a third would become', () =>
    expect({ ...(camelFields({ a__1: 1, a_1: 2, a1: 3 }) as object) }).toEqual({
      a__1: 1,
      a_1: 2,
      a1: 3,
    }));

  it('lose no field and no value, whatever they are', () => {
    const name = fc.stringMatching(/^[aA1_]{1,6}$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.nat(), { noNullPrototype: true }), (data) => {
        expect(values(camelFields(data) as object)).toEqual(values(data));
      }),
      { numRuns: 500 },
    );
  });

  it('are of data that cannot be changed, nor shown', () => {
    const converted = camelDeep({
      api_key: 'hunter2',
      list: [{ api_key: 'hunter2' }],
    }) as { list: object[] };
    expect(inspect(converted, { depth: 9 })).not.toContain('hunter2');
    expect(Object.isFrozen(converted)).toBe(true);
    expect(Object.isFrozen(converted.list)).toBe(true);
    expect(() => converted.list.push({})).toThrow(TypeError);
  });
});

describe('The body of a call', () => {
  it.each<[string, object, readonly string[], object]>([
    ['has its parameters in the words of Vault', { maxTtl: '1h', noDefaultPolicy: true }, [], { max_ttl: '1h', no_default_policy: true }],
    ['has no parameter that is undefined', { ttl: undefined, name: 'n' }, [], { name: 'n' }],
    ['has a parameter that is null, false, 0 or empty', { a: null, b: false, c: 0, d: '' }, [], { a: null, b: false, c: 0, d: '' }],
    ['has no parameter that the path carries', { name: 'n', dbName: 'd' }, ['name'], { db_name: 'd' }],
    ['has what is given besides', { extraParams: { altNames: 'a', ttl: undefined } }, [], { alt_names: 'a' }],
    ['has what is given besides instead of a parameter', { ttl: '1h', extraParams: { ttl: '2h' } }, [], { ttl: '2h' }],
    ['keeps the names below a parameter', { customMetadata: { ownerTeam: 'a' } }, [], { custom_metadata: { ownerTeam: 'a' } }],
  ])('%s', (_, call, inPath, expected) => expect({ ...bodyOf(call, ...inPath) }).toStrictEqual(expected));

  it.each(['signal', 'timeoutMs', 'namespace', 'wrapTtl', 'bypassCache', 'cacheTtlMs', 'allowStale', 'repeat', 'mountPoint', 'schema'])(
    'never has `%s`, which belongs to the call',
    (name) => expect(Object.keys(bodyOf({ [name]: 'x', ttl: '1h' }))).toEqual(['ttl']),
  );

  it('keeps a parameter that is named like what every object has', () => {
    const body = bodyOf({
      toString: 'x',
      extraParams: JSON.parse('{"__proto__":"y"}') as object,
    });
    expect(Object.keys(body)).toEqual(['to_string', '__proto__']);
  });

  it('shows nothing of itself', () => {
    const body = bodyOf({ password: 'hunter2' });
    expect(`${inspect(body, { showHidden: true })} ${JSON.stringify({ body })}`).not.toContain('hunter2');
  });
});
