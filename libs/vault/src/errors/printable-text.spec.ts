import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printableText } from './printable-text.js';
import { VaultServerError } from './vault-server.error.js';

describe('Text from outside, in a message', () => {
  it.each<[string, string, string]>([
    ['what ends a string', '\u0000', '\\u0000'],
    ['a bell', '\u0007', '\\u0007'],
    ['a step back over what was written', '\b', '\\u0008'],
    ['a vertical tab', '\u000b', '\\u000b'],
    ['a return to the beginning of the line', '\r', '\\u000d'],
    ['an escape sequence, which colours what follows', '\u001b[31m', '\\u001b[31m'],
    ['the last of the first control characters', '\u001f', '\\u001f'],
    ['a delete', '\u007f', '\\u007f'],
    ['an escape sequence of one character', '\u009b31m', '\\u009b31m'],
    ['the last of the second control characters', '\u009f', '\\u009f'],
    ['a space without width', '\u200b', '\\u200b'],
    ['a mark that turns the direction', '\u200f', '\\u200f'],
    ['a line separator', '\u2028', '\\u2028'],
    ['an override that turns the text around', '\u202e', '\\u202e'],
    ['a joiner of words', '\u2060', '\\u2060'],
    ['an isolate that turns the text around', '\u2066', '\\u2066'],
    ['the last character of that block', '\u206f', '\\u206f'],
    ['a byte order mark', '\ufeff', '\\ufeff'],
  ])('shows %s as its number', (_, character, shown) => expect(printableText(`a${character}b`)).toBe(`a${shown}b`));

  it.each([
    'plain',
    'a\tb\nc',
    ' ',
    '~',
    '\u00a0',
    'é',
    '\u200a',
    '\u2010',
    '\u2027',
    '\u202f',
    '\u205f',
    '\u2070',
    '\ufefe',
    '中文',
    '🔑',
  ])('leaves %j as it is', (text) => expect(printableText(text)).toBe(text));

  it('has nothing left that could be shown in another way, and is not changed a second time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0x2100 }), { maxLength: 40 }), (characters) => {
        const text = String.fromCharCode(...characters);
        const shown = printableText(text);
        expect(printableText(shown)).toBe(shown);
        expect(shown.length).toBeGreaterThanOrEqual(text.length);
        expect(/\p{Cc}/u.exec(shown.replaceAll(/[\t\n]/g, ''))).toBeNull();
      }),
    );
  });

  it('is shown so by each error: in its message and in its remedy', () => {
    const error = new VaultServerError('Vault said \u001b[31mno.', { remedy: 'Ask \u202eagain.' });
    expect(error.message).toBe('Vault said \\u001b[31mno. Ask \\u202eagain.');
    expect(error.remedy).toBe('Ask \\u202eagain.');
  });
});
