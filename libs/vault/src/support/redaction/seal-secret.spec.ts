import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SecretValue } from './secret-value.js';
import { revealSecret, sealSecret } from './seal-secret.js';

const secret = { apiKey: 'sk_live_1', nested: { list: ['sk_live_2'] } };

describe('sealSecret', () => {
  it('keeps every field readable', () => {
    const sealed = sealSecret(secret);
    expect(sealed.apiKey).toBe('sk_live_1');
    expect(sealed.nested.list[0]).toBe('sk_live_2');
    expect({ ...sealed }.apiKey).toBe('sk_live_1');
  });

  it.each<[string, (value: unknown) => string]>([
    ['inspect', (value) => inspect(value, { depth: 9, showHidden: true })],
    ['JSON.stringify', (value) => JSON.stringify({ value })],
    ['a template string', (value) => `<${value as string}>`],
    ['string concatenation', (value) => 'x' + (value as string)],
  ])('shows nothing in %s', (_, show) => {
    for (const data of [secret, { toString: 'sk_live_3', apiKey: 'sk_live_1' }, ['sk_live_4']]) {
      const shown = show(sealSecret(data));
      expect(shown).not.toContain('sk_live');
    }
  });

  it('leaves alone what has a state of its own: a schema may make dates and maps', () => {
    const [from, ports] = [new Date(0), new Map([['https', 443]])];
    const sealed = sealSecret({ from, ports });
    expect(sealed.from).toBe(from);
    expect(sealed.ports.get('https')).toBe(443);
  });

  it('cannot be changed by a caller', () => {
    const sealed = sealSecret(secret);
    expect(() => Object.assign(sealed.nested, { list: [] })).toThrow(TypeError);
    expect(() => sealed.nested.list.push('x')).toThrow(TypeError);
  });

  it('keeps hostile keys as ordinary fields and touches no prototype', () => {
    const sealed = sealSecret(JSON.parse('{"__proto__":{"polluted":true},"constructor":"c"}') as Record<string, unknown>);
    expect(Object.getOwnPropertyNames(sealed)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(sealed['polluted']).toBeUndefined();
  });
});

describe('revealSecret', () => {
  it('gives the text of a value that is kept apart, and what is not plain as it is', () => {
    const from = new Date(0);
    expect(revealSecret({ token: new SecretValue('s.token'), from, list: [new SecretValue('x')] })).toEqual({
      token: 's.token',
      from,
      list: ['x'],
    });
  });

  it('gives a plain copy that serialises', () => {
    expect(JSON.stringify(revealSecret(sealSecret(secret)))).toBe(JSON.stringify(secret));
  });
});
