import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { databaseErrorCodes } from './error-codes.js';

const page = readFileSync(new URL('../../../../docs/reference/errors.md', import.meta.url), 'utf8');
const described = new Map(
  [...page.matchAll(/^\| `(DATABASE_[A-Z_]+)` +\| `(\w+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(
    ([, code = '', name = '', text = '', remedy = '']) => [code, { name, text, remedy }],
  ),
);
const sources = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.error.ts'));
const classes = sources.map((file) => {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8');
  return { code: /code = '(DATABASE_[A-Z_]+)'/.exec(source)?.[1] ?? '', name: /export class (\w+)/.exec(source)?.[1] ?? '' };
});

describe('The catalogue of errors', () => {
  it('describes every code in docs/reference/errors.md, in the same words and with what to do', () => {
    for (const [code, text] of Object.entries(databaseErrorCodes)) {
      expect(described.get(code)?.text).toBe(text);
      expect(described.get(code)?.remedy).toMatch(/\.$/);
    }
  });

  it('describes no code that does not exist', () =>
    expect([...described.keys()].filter((code) => !(code in databaseErrorCodes))).toEqual([]));

  it('has one class for each code, under the name that the page gives', () => {
    expect(classes.map(({ code }) => code).toSorted()).toEqual(Object.keys(databaseErrorCodes).toSorted());
    for (const { code, name } of classes) expect(described.get(code)?.name).toBe(name);
  });
});
