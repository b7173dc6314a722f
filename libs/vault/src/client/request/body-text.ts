import { randomUUID } from 'node:crypto';
import { isVaultError } from '../../errors/is-vault-error.js';
import { VaultRequestError } from '../../errors/vault-request.error.js';
import type { VaultErrorRequest } from '../../errors/vault-error.js';
import { isExactValue } from '../../support/json/exact-json.js';
import { fieldPath } from '../../support/json/field-path.js';
import { revealConverted } from '../../support/redaction/seal-secret.js';
import { unsendableBody } from './unsendable-body.js';

/**
 * The JSON of a body. A `bigint` and an ExactNumber become the number that they are.
 * @throws VaultRequestError for what JSON does not have: NaN, Infinity, an object that holds itself
 */
export function bodyText(body: object, request: VaultErrorRequest): string {
  let mark: string | undefined;
  const convert = (value: unknown): unknown => {
    if (isNoNumber(value)) throw notInJson(body, request);
    if (!isExactValue(value)) return value;
    // Nobody can send what begins with it.
    mark ??= `${randomUUID()} `;
    return `${mark}${value.toString()}`;
  };
  try {
    const text = JSON.stringify(revealConverted(body, convert));
    return mark === undefined ? text : text.replaceAll(new RegExp(`"${mark}([^"]*)"`, 'g'), '$1');
  } catch (error) {
    throw isVaultError(error) ? error : unsendableBody(request);
  }
}

function isNoNumber(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

/** JSON would have `null` in its place. */
function notInJson(body: object, request: VaultErrorRequest): VaultRequestError {
  const field =
    fieldPath(
      revealConverted(body, (leaf) => leaf),
      isNoNumber,
    ) ?? '';
  return new VaultRequestError(`The body of ${request.method} ${request.path} cannot be sent: its field ${field} is NaN or infinite.`, {
    request,
    sent: false,
    remedy: 'JSON has no such number: send a text, or leave it out.',
  });
}
