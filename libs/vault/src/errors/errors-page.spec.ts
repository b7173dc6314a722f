import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { vaultErrorCodes } from './error-codes.js';

const page = readFileSync(new URL('../../../../docs/reference/errors.md', import.meta.url), 'utf8');
const described = new Map(
  [...page.matchAll(/^\| `(VAULT_[A-Z_]+)` +\| `(\w+)` +\| (.+?) +\|/gm)].map(([, code = '', name = '', text = '']) => [
    code,
    { name, text },
  ]),
);
const sources = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.error.ts'));
const classes = sources.map((file) => {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8');
  return { code: /code = '(VAULT_[A-Z_]+)'/.exec(source)?.[1] ?? '', name: /export class (\w+)/.exec(source)?.[1] ?? '' };
});

describe('The catalogue of errors', () => {
  it('describes every code in docs/reference/errors.md, in the same words', () => {
    for (const [code, text] of Object.entries(vaultErrorCodes)) expect(described.get(code)?.text).toBe(text);
  });

  it('describes no code that does not exist', () => expect([...described.keys()].filter((code) => !(code in vaultErrorCodes))).toEqual([]));

  it('has one class for each code, under the name that the page gives', () => {
    expect(classes.map(({ code }) => code).toSorted()).toEqual(Object.keys(vaultErrorCodes).toSorted());
    for (const { code, name } of classes) expect(described.get(code)?.name).toBe(name);
  });
});
