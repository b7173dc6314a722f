import { isExactValue, parseJson } from '../../support/json/exact-json.js';
import { bodyText } from '../request/body-text.js';
import type { VaultRequest } from '../request/vault-request.js';

/** Every text and number of a request that Vault may quote: values of body and query, the token, and a path that is not to be shown. */
export function sentValues(request: VaultRequest): readonly string[] {
  const token = typeof request.token === 'object' ? [request.token.value.reveal()] : [];
  const path = request.pathTemplate === undefined ? [] : [request.path, decoded(request.path)];
  return [...new Set([...valuesIn(sentBody(request)), ...valuesIn(request.query), ...token, ...path])].filter((value) => value !== '');
}

/** What was sent, whatever JSON made it of: a URL, an instance of a class. */
function sentBody({ method, path, body }: VaultRequest): unknown {
  return body === undefined ? undefined : parseJson(bodyText(body, { method, path }));
}

function valuesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  // A short one says nothing, and would take half of the numbers of a sentence with it.
  if (typeof value === 'number' || isExactValue(value)) return [String(value)].filter(({ length }) => length >= 4);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(valuesIn);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What JSON in the value says: Vault may quote it after reading it. */
function unescaped(value: string): string {
  return value.replaceAll(/\\(?:u[\da-f]{4}|["\\/bfnrt])/gi, (escape) => {
    try {
      return String(JSON.parse(`"${escape}"`));
    } catch {
      return escape;
    }
  });
}

/** As it is and as it reads, as in JSON, Go and URLs, in base64 (also in the middle of something longer) and in hexadecimal digits. */
export function formsOf(value: string): readonly string[] {
  return [...new Set([value, unescaped(value), decoded(value)])].flatMap(encodingsOf);
}

function encodingsOf(value: string): readonly string[] {
  // Half a surrogate pair, which no URL can hold, is taken as it would be sent.
  const bytes = Buffer.from(value);
  const sent = bytes.toString();
  const quoted = JSON.stringify(value).slice(1, -1);
  const inAscii = quoted.replaceAll(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const forQuery = new URLSearchParams({ '': sent }).toString().slice(1);
  const inBase64 = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The digits at either end hold bits of the neighbours.
    const whole = text.slice(shift === 0 ? 0 : shift + 1, (bytes.length + shift) % 3 === 0 ? undefined : -1);
    return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const inHtml = quoted.replaceAll(/[<>&]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
  return [
    ...new Set([
      value,
      unescaped(value),
      decoded(value),
      sent,
      quoted,
      inAscii,
      inHtml,
      encodeURIComponent(sent),
      forQuery,
      ...inBase64,
      bytes.toString('hex'),
    ]),
  ];
}
