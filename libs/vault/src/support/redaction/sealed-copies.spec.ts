import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../json/exact-number.js';
import { guardedFields, unguarded } from './guarded-fields.js';
import { redactedArray, redactedObject } from './redacted.js';
import { sealParsed } from './seal-parsed.js';
import { revealConverted, revealSecret, sealBody, sealSecret } from './seal-secret.js';
import { SecretValue } from './secret-value.js';

const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`);
const hidden = (): object => Object.defineProperty({ shown: 1 }, 'hidden', { value: 2, enumerable: false });

describe('What redaction is put on', () => {
  it.each<[string, object]>([
    ['redactedObject', redactedObject({ a: 1 })],
    ['redactedArray', redactedArray([1])],
    ['sealSecret', sealSecret({ a: 1 })],
    ['sealBody', sealBody({ a: 1 })],
    ['sealParsed', sealParsed({ a: 1 })],
    ['sealParsed, of a list', sealParsed([1])],
  ])('%s is frozen: a value that is shared cannot be changed by one who holds it', (_, value) => {
    expect(Object.isFrozen(value)).toBe(true);
  });

  it.each<[string, (data: object) => object]>([
    ['sealSecret', sealSecret],
    ['sealBody', sealBody],
    ['revealSecret', revealSecret],
  ])('%s copies what a spread copies, and no field that is not enumerable', (_, seal) =>
    expect(Object.getOwnPropertyNames(seal(hidden()))).toEqual(['shown']),
  );

  it('is taken from an object without prototype, as from any other', () => {
    const bare = Object.assign(Object.create(null) as object, { password: 'p' });
    for (const sealed of [sealSecret(bare), sealSecret({ bare }).bare]) expect(JSON.stringify(sealed)).toBe('"[redacted]"');
    expect({ ...sealSecret(bare) }).toEqual({ password: 'p' });
  });
});

describe('Parsed data', () => {
  it.each([64, 65])('of %i lists in each other is sealed', (levels) =>
    expect(JSON.stringify(sealParsed(nested(levels)))).toBe('"[redacted]"'),
  );

  it('of one list more is refused', () => expect(() => sealParsed(nested(66))).toThrow(RangeError));

  it('keeps an exact number the number that it was', () => {
    const id = new ExactNumber('0.12345678901234567890');
    const sealed = sealParsed({ id, list: [id] });
    expect(sealed.id).toBe(id);
    expect(sealed.list[0]).toBe(id);
  });
});

describe('Data that is sealed and revealed', () => {
  const id = new ExactNumber('1e400');

  it('keeps an exact number and a secret value as they are while it is sealed', () => {
    const token = new SecretValue('s.token');
    const sealed = sealSecret({ id, token, list: [id] });
    expect([sealed.id, sealed.token, sealed.list[0]]).toEqual([id, token, id]);
    expect(sealed.id).toBe(id);
    expect(sealed.token).toBe(token);
  });

  it('can be changed like any plain object once it is revealed', () => {
    const plain = revealSecret(sealSecret({ a: 1, b: 2, list: [1] })) as { a: number; b?: number; list: number[] };
    plain.a = 5;
    delete plain.b;
    plain.list.push(2);
    expect(plain).toEqual({ a: 5, list: [1, 2] });
  });

  it('has in the place of each value what it is converted to, and of a value that converts to nothing the value', () => {
    const written = revealConverted({ id, nested: [{ count: 1n, text: 't' }] }, (leaf) =>
      typeof leaf === 'bigint' || leaf instanceof ExactNumber ? `<${leaf.toString()}>` : undefined,
    );
    expect(written).toEqual({ id: '<1e400>', nested: [{ count: '<1>', text: 't' }] });
  });
});

describe('An object that lets nobody go through its fields', () => {
  const target = { toJSON: 'x', password: 'hunter2' };
  const guarded = guardedFields(target, 'toJSON') as typeof target;

  it('is read by name', () => expect(guarded.password).toBe('hunter2'));

  it.each<[string, (value: object) => unknown]>([
    ['Object.keys', Object.keys],
    ['a spread', (value) => ({ ...value })],
    ['Reflect.ownKeys', Reflect.ownKeys],
    ['JSON.stringify', (value) => JSON.stringify({ ...value })],
  ])('refuses %s with the name of the field', (_, goThrough) =>
    expect(() => goThrough(guarded)).toThrow(expect.objectContaining({ code: 'VAULT_SECRET_UNREDACTABLE', field: 'toJSON' }) as Error),
  );

  it('is given back to who sends it; what is not guarded is given back as it is', () => {
    expect(unguarded(guarded)).toBe(target);
    expect(unguarded(target)).toBe(target);
  });
});
