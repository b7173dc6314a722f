import { inspect } from 'node:util';
import { ConsoleLogger } from '@nestjs/common';
import fc from 'fast-check';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { isVaultError } from '../errors/is-vault-error.js';
import { parseAnswer } from './answer/response-parser.js';
import { sealSecret, revealSecret } from '../support/redaction/seal-secret.js';

const facts = { method: 'GET', path: 'secret/data/app' };
const canary = 'canary-';

/** What a reader gets for a secret with this JSON, the way that every answer takes. */
function read(json: string): Record<string, unknown> {
  const body = `{"request_id":"r","data":${json}}`;
  const answer = { status: 200, body, receivedAtMs: 0, sentAtMs: 0, tokenEpoch: 1 };
  return parseAnswer(answer, facts, { method: 'GET', path: facts.path }).data as Record<string, unknown>;
}

/** Names that JavaScript, Node or a logger gives a meaning, and some that nobody does. */
const meant = (
  'toString toJSON toLocaleString valueOf inspect constructor prototype __proto__ hasOwnProperty then setHeader getHeaders _headers headersSent ' +
  'statusCode method headers socket url info id raw query length name message stack msg err level time __defineGetter__ get status code type data ' +
  'apiKey asymmetricMatch $$typeof nodeType forEach map join reveal 0 1 Symbol(nodejs.util.inspect.custom)'
).split(' ');
const refusedAlone = ['toJSON', 'setHeader', 'getHeaders'];
const name = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...meant) }, { weight: 1, arbitrary: fc.string({ maxLength: 6 }) });
const leaf = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 9_999 }).map((number) => `${canary}${number}`) },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, 0, 1.5, -7) },
);
const { secret } = fc.letrec<{ secret: object; value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, tie('secret'), fc.array(tie('value'), { maxLength: 3 })),
  secret: fc.array(fc.tuple(name, tie('value')), { maxLength: 6 }).map(objectOf),
}));

/** As JSON.parse makes it: `__proto__` is a field like any other. */
function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  const target = {};
  for (const [key, value] of entries) Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  return target;
}

/** Everything that a logger would print of the value, by each way that loggers have. */
function shownBy(value: object): Readonly<Record<string, string>> {
  return {
    inspect: inspect(value, { depth: 9, showHidden: true }),
    'inspect of a field': inspect({ value: [value] }, { depth: 9 }),
    'inspect of a proxy': inspect(value, { depth: 9, showProxy: true }),
    'JSON.stringify': JSON.stringify(value),
    'JSON.stringify of a field': JSON.stringify({ value: [value] }),
    String: [value].map(String).join(''),
    'a template string': `<${value as unknown as string}>`,
    concatenation: 'x' + (value as unknown as string),
    'pino, as a field': printedBy(() => pinoLogger.info({ secret: value })),
    'pino, as the first argument': printedBy(() => pinoLogger.info(value)),
    'pino, in a list': printedBy(() => pinoLogger.info({ list: [value] }, 'text %o %j %s', value, value, value)),
    "Nest's logger, text": printedByNest(nestLoggers.text, value),
    "Nest's logger, JSON": printedByNest(nestLoggers.json, value),
  };
}

/** What the loggers have printed. Made once, and no spy: each part of thousands of secrets is printed. */
const printed = { text: '' };
const print = (chunk: unknown): boolean => ((printed.text += String(chunk)), true);
const pinoLogger = pino({ base: null }, { write: print });
const nestLoggers = { text: new ConsoleLogger({ colors: false }), json: new ConsoleLogger({ json: true, colors: false }) };

function printedBy(log: () => void): string {
  printed.text = '';
  log();
  return printed.text;
}

function printedByNest(logger: ConsoleLogger, value: unknown): string {
  const write: unknown = Reflect.get(process.stdout, 'write');
  Reflect.set(process.stdout, 'write', print);
  try {
    return printedBy(() => {
      logger.log(value);
      logger.log({ value });
      logger.log('text', value);
    });
  } finally {
    Reflect.set(process.stdout, 'write', write);
  }
}

/** All objects and arrays in the value, itself first. */
function partsOf(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(partsOf)];
}

/** What is missing, or not the same, for whoever enumerates, spreads, clones, lists or writes back the secret or a part of it. */
function lossesOf(sealed: object, json: string): readonly string[] {
  const [parts, expected] = [partsOf(sealed), partsOf(JSON.parse(json))];
  const partLosses = parts.flatMap((part, index) => {
    const original = expected[index] as Record<string, unknown>;
    const isKept = {
      keys: JSON.stringify(Object.keys(part)) === JSON.stringify(Object.keys(original)),
      spread: JSON.stringify(Object.getOwnPropertyNames({ ...part })) === JSON.stringify(Object.getOwnPropertyNames({ ...original })),
      clone: JSON.stringify(structuredClone(part)) === JSON.stringify(original),
      entries: Object.entries(part).every(
        ([key, value]) => typeof value === 'object' || Object.is(value, Object.getOwnPropertyDescriptor(original, key)?.value),
      ),
    };
    return Object.entries(isKept).flatMap(([what, kept]) => (kept ? [] : [`${what} of ${JSON.stringify(original)}`]));
  });
  const writtenBack = [revealSecret(sealed), revealSecret({ ...sealed })].map((body) => JSON.stringify(body));
  return [...partLosses, ...writtenBack.filter((written) => written !== json), ...(parts.length === expected.length ? [] : ['parts'])];
}

/** The ways that print a value of the secret or of a part of it. */
function leaksOf(sealed: object): readonly string[] {
  return partsOf(sealed).flatMap((part) =>
    Object.entries(shownBy(part)).flatMap(([way, shown]) => (shown.includes(canary) ? [`${way}: ${shown}`] : [])),
  );
}

/** What is wrong with the reading of such a secret. It is read and whole and hidden, or refused by name. */
function faultsOf(data: object): readonly string[] {
  const json = JSON.stringify(data);
  try {
    const sealed = read(json);
    return [...lossesOf(sealed, JSON.stringify(JSON.parse(json))), ...leaksOf(sealed)];
  } catch (error) {
    if (!isVaultError(error, 'VAULT_SECRET_UNREDACTABLE')) throw error;
    return error.field === '' || inspect(error).includes(canary) ? ['a refusal that names no field, or a value'] : [];
  }
}

const withField = (field: string): object => ({
  a: `${canary}1`,
  nested: [objectOf([[field, `${canary}3`]])],
  ...objectOf([[field, `${canary}2`]]),
});

describe('A secret, whatever its fields are called and however deep they are', () => {
  // In parts, so that none of them is long.
  it.each([1, 2, 3, 4])(
    'keeps every field for whoever enumerates, spreads, clones or writes it back, and shows none; or it cannot be read (part %i)',
    () => {
      fc.assert(
        fc.property(secret, (data) => {
          expect(faultsOf(data)).toEqual([]);
        }),
        { numRuns: 100 },
      );
    },
  );

  it.each(meant.filter((field) => !refusedAlone.includes(field)))('is kept and hidden with a field called %j', (field) => {
    expect(() => read(JSON.stringify(withField(field)))).not.toThrow();
    expect(faultsOf(withField(field))).toEqual([]);
  });

  it.each(refusedAlone)('is refused with a field called %j', (field) =>
    expect(() => read(JSON.stringify(withField(field)))).toThrow(expect.objectContaining({ field }) as Error),
  );

  it.each([[['method', 'headers', 'socket']], [['headersSent', 'statusCode']]])(
    'is refused with the fields %j together, which pino takes for HTTP; without one of them it is kept and hidden',
    (together) => {
      const all = objectOf(together.map((field) => [field, `${canary}1`]));
      expect(() => read(JSON.stringify({ list: [all] }))).toThrow(expect.objectContaining({ code: 'VAULT_SECRET_UNREDACTABLE' }) as Error);
      for (const left of together) {
        const rest = Object.fromEntries(Object.entries(all).filter(([key]) => key !== left));
        expect(() => read(JSON.stringify(rest))).not.toThrow();
        expect(faultsOf(rest)).toEqual([]);
      }
    },
  );

  it('names the place of the field that cannot be redacted, and what to do', () => {
    expect(() => read(`{"a":[{"b c":{"toJSON":"${canary}"}}]}`)).toThrow(
      /field a\.0\.b c\.toJSON of the answer to GET secret\/data\/app .*vault\.nodeVault/,
    );
  });

  it('is refused as well when a schema or the application makes such a value', () => {
    for (const made of [{ [inspect.custom]: () => `${canary}1` }, { [Symbol.toPrimitive]: () => 'x' }, { toJSON: () => `${canary}2` }])
      expect(() => sealSecret({ nested: made })).toThrow(expect.objectContaining({ code: 'VAULT_SECRET_UNREDACTABLE' }) as Error);
    const brand = Symbol('brand');
    expect(sealSecret({ [brand]: 'kept' })[brand]).toBe('kept');
  });
});
