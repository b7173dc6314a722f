import { redacted } from '../support/redacted.js';
import { SecretValue } from '../support/secret-value.js';
import type { VaultRequest } from './vault-request.js';

/** Shorter values (a version, a yes) would take half of a sentence with them. */
const shortestSecret = 4;

/** A text of Vault (an error, a warning) without anything of the request that it may echo: values of body and query, the token. */
export function hideEchoes(text: string, request: VaultRequest): string {
  const values = [...valuesIn(request.body), ...valuesIn(request.query), ...valuesIn(request.token)];
  // The longest first: a short one may be part of a long one.
  const secrets = values.filter(({ length }) => length >= shortestSecret).toSorted((left, right) => right.length - left.length);
  return secrets.flatMap(formsOf).reduce((shown, secret) => shown.replaceAll(secret, redacted), text);
}

function valuesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (value instanceof SecretValue) return [value.reveal()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesIn) : [];
}

/** As it is, quoted as in JSON, and as in a URL. Half a surrogate pair, which no URL can hold, is taken as it would be sent. */
function formsOf(value: string): readonly string[] {
  const quoted = JSON.stringify(value).slice(1, -1);
  const sent = Buffer.from(value).toString();
  return [...new Set([value, sent, quoted, encodeURIComponent(sent), new URLSearchParams({ '': sent }).toString().slice(1)])];
}
