import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isVaultError } from '../../errors/is-vault-error.js';
import type { VaultSecretUnredactableError } from '../../errors/vault-secret-unredactable.error.js';
import { sealParsed } from './seal-parsed.js';
import { sealBody, sealSecret } from './seal-secret.js';

/** The refusal; a seal that refuses nothing, and another error, fail the test. */
function refusalOf(seal: () => unknown): VaultSecretUnredactableError {
  try {
    seal();
  } catch (error) {
    if (isVaultError(error, 'VAULT_SECRET_UNREDACTABLE')) return error;
    throw error;
  }
  throw new TypeError('expected a refusal');
}

/** How a message shows a name of so many characters, and how the error tells it to programs. */
function shownName(length: number): readonly [shown: string, told: string] {
  const name = 'n'.repeat(length - '.toJSON'.length);
  const { message, field } = refusalOf(() => sealSecret({ [name]: { toJSON: 'x' } }));
  return [/The field (.*) of the data/.exec(message)?.[1] ?? '', field];
}

const withNames = (names: readonly PropertyKey[]): object => Object.fromEntries(names.map((name) => [name, 'hunter2']));

describe('Data with fields of these names', () => {
  it.each<[readonly string[], string]>([
    [['toJSON'], 'toJSON'],
    [['setHeader'], 'setHeader'],
    [['getHeaders'], 'getHeaders'],
    [['statusCode', 'headersSent'], 'headersSent'],
    [['socket', 'method', 'headers'], 'method'],
    [['password', 'user', 'toJSON'], 'toJSON'],
  ])('%j is refused by the name %s, which a logger would follow', (names, field) => {
    for (const seal of [sealSecret, sealParsed]) {
      const refusal = refusalOf(() => seal(withNames(names)));
      expect(refusal.field).toBe(field);
      expect(inspect(refusal, { depth: 9, showHidden: true })).not.toContain('hunter2');
    }
  });

  it.each<[string, symbol, string]>([
    ['inspect', inspect.custom, 'Symbol(nodejs.util.inspect.custom)'],
    ['a template string', Symbol.toPrimitive, 'Symbol(Symbol.toPrimitive)'],
  ])('are refused where it is the symbol by which %s asks', (_, symbol, field) =>
    expect(refusalOf(() => sealSecret({ smtp: { [symbol]: 'x' } })).field).toBe(`smtp.${field}`),
  );

  it.each<[readonly string[]]>([
    [['headersSent']],
    [['statusCode']],
    [['method', 'headers']],
    [['headers', 'socket']],
    [['method', 'socket']],
    [['toString', 'valueOf', 'constructor']],
  ])('%j is sealed: alone they mean nothing to a logger', (names) => {
    for (const seal of [sealSecret, sealParsed]) {
      const sealed = seal(withNames(names));
      expect(Object.keys(sealed)).toEqual(names);
      expect(`${inspect(sealed)} ${JSON.stringify(sealed)} ${format('%s %o', sealed, sealed)}`).not.toContain('hunter2');
    }
  });

  it('are let through in a body, which is sent and not shown', () =>
    expect((sealBody({ smtp: { toJSON: 'x', user: 'u' } }).smtp as { user: string }).user).toBe('u'));
});

describe('The place of a refused name', () => {
  it.each<[string, object, string]>([
    ['the top', { toJSON: 'x' }, 'toJSON'],
    ['an object below', { smtp: { user: 'u', getHeaders: 'x' } }, 'smtp.getHeaders'],
    ['a list', { servers: [{ a: 1 }, { toJSON: 'x' }] }, 'servers.1.toJSON'],
    ['the first of two', { a: { setHeader: 'x' }, b: { toJSON: 'x' } }, 'a.setHeader'],
  ])('is named from %s down', (_, data, field) => {
    const refusal = refusalOf(() => sealSecret(data));
    expect(refusal.field).toBe(field);
    expect(refusal.message).toBe(
      `The field ${field} of the data has a name that makes loggers show the fields beside it. ` +
        'Give it another name, or use `vault.nodeVault`, whose bodies are plain objects that no logger hides.',
    );
  });

  it('is shown with its end alone where it is longer than 120 characters, and told whole to programs', () => {
    const [fits, whole] = shownName(120);
    expect(whole).toHaveLength(120);
    expect(fits).toBe(whole);
    const [cut, told] = shownName(121);
    expect(told).toHaveLength(121);
    expect(cut).toMatch(/^…n+\.toJSON$/);
    expect(cut).toHaveLength(121);
  });
});
