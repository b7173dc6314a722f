import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { VaultSecretUnredactableError } from '../../errors/vault-secret-unredactable.error.js';
import { sealParsed } from './seal-parsed.js';

const parsed = (json: string): Record<string, unknown> => sealParsed(JSON.parse(json) as Record<string, unknown>);

describe('sealParsed', () => {
  it('keeps every field readable and none visible', () => {
    const sealed = parsed('{"apiKey":"sk_live_1","nested":{"list":["sk_live_2",{"deep":"sk_live_3"}]}}');
    expect(sealed['apiKey']).toBe('sk_live_1');
    for (const shown of [inspect(sealed, { depth: 9 }), JSON.stringify({ sealed }), `<${sealed as unknown as string}>`])
      expect(shown).not.toContain('sk_live');
  });

  it('cannot be changed', () => {
    const sealed = parsed('{"nested":{"list":[1]}}') as { nested: { list: number[] } };
    expect(() => sealed.nested.list.push(2)).toThrow(TypeError);
    expect(() => Object.assign(sealed.nested, { x: 1 })).toThrow(TypeError);
  });

  it('keeps hostile keys as ordinary fields, also below, and touches no prototype', () => {
    const sealed = parsed('{"__proto__":{"polluted":true,"toString":"sk_live"},"constructor":{"prototype":{"polluted":true}}}');
    expect(Object.getOwnPropertyNames(sealed)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(sealed['polluted']).toBeUndefined();
    expect(JSON.stringify(Object.values(sealed))).not.toContain('sk_live');
  });

  it('refuses a field that would switch the redaction off', () =>
    expect(() => parsed('{"nested":{"toJSON":"sk_live_2"}}')).toThrow(VaultSecretUnredactableError));

  it('refuses data nested deeper than 64 levels instead of overflowing the stack', () => {
    expect(() => parsed(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toThrow(RangeError);
  });
});
