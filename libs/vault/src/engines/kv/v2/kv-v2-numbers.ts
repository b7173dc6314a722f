import { VaultNumberInexactError } from '../../../errors/vault-number-inexact.error.js';
import { isRounded } from '../../../support/json/exact-json.js';
import { fieldPath } from '../../../support/json/field-path.js';

/**
 * KV version 2 keeps every number as a double, and rounds in silence what that cannot hold; version 1 keeps the digits.
 * @throws VaultNumberInexactError for such a number in a secret that is about to be written
 */
export function refuseRoundedNumbers(secret: unknown, path: string): void {
  const field = fieldPath(secret, isRounded);
  if (field === undefined) return;
  throw new VaultNumberInexactError(`The field ${field} for ${path} is a number that KV version 2 would round.`, field, {
    sent: false,
    remedy: 'Write it as text, or keep the secret in a KV engine of version 1.',
  });
}
