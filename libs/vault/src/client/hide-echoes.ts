import { redacted } from '../support/redacted.js';
import { SecretValue } from '../support/secret-value.js';
import type { VaultRequest } from './vault-request.js';

/** Shorter values (a version, a yes) would take half of a sentence with them. */
const shortestSecret = 4;

/** A text of Vault (an error, a warning) without anything of the request that it may echo: values of body and query, the token. */
export function hideEchoes(text: string, request: VaultRequest): string {
  const token = typeof request.token === 'object' ? [request.token.value.reveal()] : [];
  const values = [...valuesIn(request.body), ...valuesIn(request.query), ...token];
  // The longest first: a short one may be part of a long one.
  const secrets = values.filter(({ length }) => length >= shortestSecret).toSorted((left, right) => right.length - left.length);
  return secrets.flatMap(formsOf).reduce((shown, secret) => shown.replaceAll(secret, redacted), text);
}

function valuesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (value instanceof SecretValue) return [value.reveal()];
  if (Array.isArray(value)) return value.flatMap(valuesIn);
  if (typeof value !== 'object' || value === null) return [];
  // By name: sealed fields are not enumerable where one of them is called like a method that redacts.
  return Object.getOwnPropertyNames(value).flatMap((name) => valuesIn((value as Record<string, unknown>)[name]));
}

/** As it is, quoted as in JSON, and as in a URL. Half a surrogate pair, which no URL can hold, is taken as it would be sent. */
function formsOf(value: string): readonly string[] {
  const quoted = JSON.stringify(value).slice(1, -1);
  const sent = Buffer.from(value).toString();
  return [...new Set([value, sent, quoted, encodeURIComponent(sent), new URLSearchParams({ '': sent }).toString().slice(1)])];
}
