import { randomUUID } from 'node:crypto';
import { ExactNumber } from './exact-number.js';

/** Up to 15 digits without an exponent survive in a double. What is between quotes may look like more: that is found out later. */
const suspect = /[:[,\s]-?\d(?:[\d.]{15}|[\d.]*[eE])/;

/** Whether a JSON text may have a number that `JSON.parse` would round: quick, because every answer is asked. */
export function mayBeRounded(text: string): boolean {
  return suspect.test(text);
}

/**
 * What `JSON.parse` does, but no number is rounded: a whole number that a `number` cannot hold becomes a `bigint`, any other an
 * {@link ExactNumber}.
 * @throws SyntaxError, and RangeError for data that is nested too deep for the stack
 */
export function parseExactJson(text: string): unknown {
  // Nobody can send what begins with it.
  const mark = `${randomUUID()} `;
  const marked = withMarkedNumbers(text, mark);
  if (marked === text) return JSON.parse(text);
  return JSON.parse(marked, (_, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(mark)) return value;
    const digits = value.slice(mark.length);
    return /^-?\d+$/.test(digits) ? BigInt(digits) : new ExactNumber(digits);
  });
}

/** The same, at the cost of `JSON.parse` where no number looks like it. */
export function parseJson(text: string): unknown {
  return mayBeRounded(text) ? parseExactJson(text) : JSON.parse(text);
}

/** Whether the value is one that {@link parseExactJson} makes of a number that would be rounded. */
export function isExactValue(value: unknown): value is bigint | ExactNumber {
  return typeof value === 'bigint' || value instanceof ExactNumber;
}

/** Whether a double cannot hold the value: then who reads it into one rounds it. */
export function isRounded(value: unknown): boolean {
  return isExactValue(value) && !isKept(value.toString());
}

const jsonNumber = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The text with a string in the place of each number that would be rounded: the mark, and the number. */
function withMarkedNumbers(text: string, mark: string): string {
  const start = /["\d-]/g;
  let marked = '';
  let copiedTo = 0;
  for (let found = start.exec(text); found !== null; found = start.exec(text)) {
    if (found[0] === '"') {
      start.lastIndex = endOfString(text, found.index);
      continue;
    }
    jsonNumber.lastIndex = found.index;
    const number = jsonNumber.exec(text)?.[0] ?? found[0];
    start.lastIndex = found.index + number.length;
    if (isKept(number)) continue;
    marked += `${text.slice(copiedTo, found.index)}"${mark}${number}"`;
    copiedTo = start.lastIndex;
  }
  return marked + text.slice(copiedTo);
}

/** The place after the closing quote: the first one that no odd number of backslashes stands before. */
function endOfString(text: string, openingQuote: number): number {
  for (let quote = text.indexOf('"', openingQuote + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** Whether a double holds the number so that it is written with the same value again. */
function isKept(number: string): boolean {
  return canonical(number) === canonical(String(Number(number)));
}

/** Digits without zeros around them, and the power of ten that they are multiplied with: the same for `1.50`, `15e-1` and `0.15e1`. */
function canonical(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return whole === '' ? number : '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
