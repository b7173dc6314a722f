import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { vaultErrorCodes, type VaultErrorCode } from './error-codes.js';
import { isUnavailable } from './is-unavailable.js';
import { isVaultError } from './is-vault-error.js';
import type { VaultError, VaultErrorOptions } from './vault-error.js';
import { VaultServerError } from './vault-server.error.js';
import { VaultUnreachableError } from './vault-unreachable.error.js';

type ErrorClass = new (message: string, ...rest: readonly unknown[]) => VaultError;

const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.error.ts') && file !== 'vault-error.ts');
/** Every class of the family, by its name. */
const classes = await Promise.all(
  files.map(async (file) => {
    const exported = (await import(new URL(file, import.meta.url).href)) as Record<string, ErrorClass>;
    const [entry] = Object.entries(exported);
    if (entry === undefined) throw new TypeError(`${file} exports nothing`);
    return entry;
  }),
);
const byCode = new Map(classes.map(([, Class]) => [new Class('x').code, Class]));
const made = (code: VaultErrorCode, options: VaultErrorOptions = {}): VaultError => {
  const error = new (byCode.get(code)!)('x');
  return Object.assign(error, options);
};

describe.each(classes)('%s', (name, Class) => {
  const error = new Class('It failed.');

  it('is an Error with a name, a code and a message', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(name);
    expect(error.message).toBe('It failed.');
    expect(error.stack).toContain('It failed.');
    expect(Object.keys(vaultErrorCodes)).toContain(error.code);
  });

  it('is known by its code, and by no other', () => {
    const known = (Object.keys(vaultErrorCodes) as VaultErrorCode[]).filter((code) => isVaultError(error, code));
    expect(known).toEqual([error.code]);
    expect(isVaultError(error)).toBe(true);
  });

  it('is known in a second copy of the package, whose classes are others', () => {
    const copy: unknown = Object.assign(new Error('It failed.'), { code: error.code });
    expect(isVaultError(copy, error.code)).toBe(true);
    expect(isVaultError(copy)).toBe(true);
  });
});

describe('What an error tells', () => {
  const cause = new VaultUnreachableError('away');
  const facts: VaultErrorOptions = {
    request: { method: 'GET', path: 'secret/data/app', namespace: 'team' },
    status: 500,
    serverErrors: ['broken'],
    requestId: 'id',
    retryAfterMs: 1_000,
    sent: false,
  };

  it('are the facts that it is made with, the cause, and what to do: in a field and at the end of the message', () => {
    const error = new VaultServerError('Vault failed.', { ...facts, cause, remedy: 'Look at its log.' });
    expect(error).toMatchObject(facts);
    expect(error.cause).toBe(cause);
    expect(error.message).toBe('Vault failed. Look at its log.');
    expect(error.remedy).toBe('Look at its log.');
  });

  it('has no field for what is not known', () => {
    const error = new VaultServerError('Vault failed.');
    expect(Object.keys(error).toSorted()).toEqual(['code', 'name']);
    expect('cause' in error).toBe(false);
  });

  it.each(['toString', 'constructor', 'hasOwnProperty', '__proto__', '', 'vault_timeout', 'VAULT_UNKNOWN'])(
    'is no error of the family for the code %j',
    (code) => expect(isVaultError(Object.assign(new Error('x'), { code }))).toBe(false),
  );

  it.each<[string, unknown]>([
    ['a code that is no text', Object.assign(new Error('x'), { code: 5 })],
    ['the data of an error, as JSON brings it', { name: 'VaultTimeoutError', code: 'VAULT_TIMEOUT', message: 'x' }],
    ['text', 'VAULT_TIMEOUT'],
    ['null', null],
  ])('is no error of the family: %s', (_, value) => expect(isVaultError(value)).toBe(false));
});

describe('Vault is away for the moment, so that another try may succeed,', () => {
  const unavailable: readonly VaultErrorCode[] = [
    'VAULT_UNREACHABLE',
    'VAULT_TIMEOUT',
    'VAULT_SEALED',
    'VAULT_STANDBY',
    'VAULT_RATE_LIMITED',
    'VAULT_SERVER_FAILED',
  ];

  it.each(unavailable)('where the error is %s', (code) => expect(isUnavailable(made(code))).toBe(true));

  it.each(Object.keys(vaultErrorCodes).filter((code) => !unavailable.includes(code as VaultErrorCode)))('not where it is %s', (code) =>
    expect(isUnavailable(made(code as VaultErrorCode))).toBe(false),
  );

  it.each([
    [501, false],
    [500, true],
    [502, true],
    [503, true],
  ])('with the status %i: %s, as 501 says that Vault is not made for the call, or not initialised', (status, expected) =>
    expect(isUnavailable(made('VAULT_SERVER_FAILED', { status }))).toBe(expected),
  );

  it.each<[string, unknown]>([
    ['an error of the system', Object.assign(new Error('x'), { code: 'ECONNREFUSED' })],
    ['nothing', undefined],
  ])('not for %s', (_, value) => expect(isUnavailable(value)).toBe(false));
});
