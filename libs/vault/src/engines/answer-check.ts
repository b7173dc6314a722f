import type { VaultResponse } from '../client/answer/vault-response.js';
import { VaultResponseInvalidError } from '../errors/vault-response-invalid.error.js';
import { fieldsOf, isJsonObject } from '../support/json/json-fields.js';
import { camelFields } from './engine-fields.js';

/**
 * What an answer is besides its data. `envelope`: what nearly every endpoint gives; `bare`: data alone, as some of `sys` do;
 * `auth`: facts of a token; `token`: those with a new token in them; `wrapping`: a wrapping token.
 */
export type AnswerKind = 'envelope' | 'bare' | 'auth' | 'token' | 'wrapping';

const problems: Readonly<Record<AnswerKind, (response: VaultResponse) => string | undefined>> = {
  // Vault gives every answer an id; a page that says `{"ok":true}` has none.
  envelope: ({ requestId, data, wrapInfo }) =>
    requestId === '' && data !== null && wrapInfo === null ? 'is not in its envelope' : undefined,
  bare: () => undefined,
  auth: ({ auth }) => (auth === null ? 'has no facts of a token' : undefined),
  token: ({ auth }) => (auth === null || auth.clientToken === '' ? 'has no token' : undefined),
  wrapping: ({ wrapInfo }) => (wrapInfo === null || wrapInfo.token === '' ? 'has no wrapping token' : undefined),
};

/** @throws VaultResponseInvalidError if the answer is not of that kind: what says nothing must not pass for a success */
export function checkAnswer(response: VaultResponse, kind: AnswerKind): void {
  const problem = problems[kind](response);
  if (problem !== undefined) throw invalid(problem);
}

type Check = (value: unknown) => boolean;

export const isText: Check = (value) => typeof value === 'string' && value !== '';
export const isCount: Check = (value) => typeof value === 'number';
export const isFlag: Check = (value) => typeof value === 'boolean';

/** A conversion of data that must be an object and have these fields, named as Vault names them. */
export function holding(
  fields: Readonly<Record<string, Check>>,
  convert: (data: unknown) => unknown = camelFields,
): (data: unknown) => unknown {
  return (data) => {
    if (!isJsonObject(data)) throw invalid('has no data');
    const missing = Object.keys(fields).find((name) => fields[name]?.(fieldsOf(data)[name]) === false);
    if (missing !== undefined) throw invalid(`has no usable ${missing}`);
    return convert(data);
  };
}

function invalid(problem: string): VaultResponseInvalidError {
  return new VaultResponseInvalidError(`The answer ${problem}.`, {
    remedy:
      'Check that VAULT_ADDR points at Vault itself and not at a page in front of it, and that the mount is of the kind that the call is for.',
  });
}
