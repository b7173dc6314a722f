import { isVaultError } from '../../errors/is-vault-error.js';
import { VaultNumberInexactError } from '../../errors/vault-number-inexact.error.js';
import type { VaultErrorRequest } from '../../errors/vault-error.js';
import { isExactValue } from '../../support/json/exact-json.js';
import { fieldPath } from '../../support/json/field-path.js';
import { sealParsed } from '../../support/redaction/seal-parsed.js';
import { sealBody } from '../../support/redaction/seal-secret.js';
import { unredactable, unredactableField } from '../../support/redaction/unredactable-field.js';
import { invalidAnswer } from './invalid-answer.js';

/** What is known of an answer before its data is read. */
export interface AnswerReading {
  readonly status: number;
  readonly request: VaultErrorRequest;
  /** A number that JavaScript would round may be in it, and is refused. */
  readonly refusesExact: boolean;
  /** The caller takes the data apart by itself: a field that defeats the redaction is guarded instead of refused. */
  readonly guardsFields: boolean;
}

/**
 * Parsed data that nobody else holds, sealed.
 * @throws VaultNumberInexactError, VaultSecretUnredactableError; VaultResponseInvalidError if it is nested too deep
 */
export function sealAnswerData<Data>(data: Data, answer: AnswerReading): Data {
  const sealed = sealedData(data, answer);
  if (answer.refusesExact) refuseExact(data, answer);
  return sealed;
}

function sealedData<Data>(data: Data, answer: AnswerReading): Data {
  try {
    return sealParsed(data);
  } catch (error) {
    if (isVaultError(error)) return answer.guardsFields ? sealBody(data) : refuseUnredactable(data, answer);
    throw invalidAnswer(answer, 'nested too deep', 'Keep data that is nested deeper than 64 levels as text.');
  }
}

function refuseExact(data: unknown, { status, request }: AnswerReading): void {
  const field = fieldPath(data, isExactValue);
  if (field === undefined) return;
  throw new VaultNumberInexactError(`The field ${field} of ${nameOf(request)} is a number that JavaScript would round.`, field, {
    request,
    status,
    remedy: "Set the option `numbers: 'exact'`: it becomes a bigint or an ExactNumber. Or keep it as text.",
  });
}

function refuseUnredactable(data: unknown, { status, request }: AnswerReading): never {
  throw unredactable(unredactableField(data) ?? '', nameOf(request), { request, status });
}

function nameOf({ method, path }: VaultErrorRequest): string {
  return `the answer to ${method} ${path}`;
}
