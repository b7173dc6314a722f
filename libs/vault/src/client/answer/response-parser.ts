import { printableText } from '../../errors/printable-text.js';
import type { VaultErrorRequest } from '../../errors/vault-error.js';
import {
  fieldsOf,
  isJsonObject,
  isSeconds,
  isWholeNumber,
  numberOf,
  textOf,
  textsOf,
  type JsonObject,
} from '../../support/json/json-fields.js';
import { mayBeRounded, parseExactJson } from '../../support/json/exact-json.js';
import { sealSecret } from '../../support/redaction/seal-secret.js';
import { sealAnswerData, type AnswerReading } from './answer-data.js';
import { hideEchoes } from '../echoes/hide-echoes.js';
import { invalidAnswer } from './invalid-answer.js';
import type { VaultRequest } from '../request/vault-request.js';
import { VaultResponse, type VaultAuth, type VaultWrapInfo } from './vault-response.js';

export interface ReceivedAnswer {
  readonly status: number;
  readonly body: string;
  readonly receivedAtMs: number;
  readonly sentAtMs: number;
  readonly tokenEpoch: number;
  /** What becomes of numbers that JavaScript would round. Default: `refuse`. */
  readonly numbers?: 'refuse' | 'exact' | undefined;
}

/**
 * Reads the envelope of an answer.
 *
 * Decides: whether a text is an answer of Vault, and what its fields are. Does not decide: which status is a failure (`transport/`), how data
 * is sealed and which numbers are refused (`answer-data.ts`), what the data of an engine must hold (`engines/`).
 *
 * @throws VaultResponseInvalidError for anything but a JSON object whose envelope has the types that Vault sends (an HTML
 * page of a proxy, a cut answer), and for a plain answer to a call that asked for a wrapped one; VaultNumberInexactError and
 * VaultSecretUnredactableError for data that would be read wrong or shown
 */
export function parseAnswer(answer: ReceivedAnswer, request: VaultErrorRequest, sent: VaultRequest): VaultResponse {
  const { status } = answer;
  const isSuspect = mayBeRounded(answer.body);
  const refusesExact = isSuspect && answer.numbers !== 'exact';
  const reading: AnswerReading = { status, request, refusesExact, guardsFields: sent.guardsFields === true };
  const body = answer.body === '' || answer.body.trim() === '' ? emptyBody : parseObject(answer.body, isSuspect, reading);
  const problem = envelopeProblem(body);
  if (problem !== undefined) throw invalidAnswer(reading, `of an unexpected shape (${problem})`);
  const { auth, wrap_info: wrapInfo, warnings } = body;
  if (sent.wrapTtl !== undefined && !isWrapped(body)) throw invalidAnswer(reading, 'not wrapped, although that was asked for');
  return new VaultResponse({
    status,
    requestId: textOf(body['request_id']),
    leaseId: textOf(body['lease_id']),
    leaseDuration: numberOf(body['lease_duration']),
    renewable: body['renewable'] === true,
    data: sealAnswerData(dataOf(body), reading),
    auth: isJsonObject(auth) ? authOf(auth, reading) : null,
    wrapInfo: isJsonObject(wrapInfo) ? wrapInfoOf(wrapInfo) : null,
    warnings: warnings === undefined || warnings === null ? none : warningsOf(warnings, sent),
    receivedAtMs: answer.receivedAtMs,
    sentAtMs: answer.sentAtMs,
    tokenEpoch: answer.tokenEpoch,
  });
}

/** What a failed answer tells: its `errors` array, empty when there is none to read, and its `request_id` where it has one. */
export function parseFailure(body: string): { readonly errors: readonly string[]; readonly requestId: string } {
  try {
    const fields = fieldsOf(JSON.parse(body));
    return { errors: textsOf(fields['errors']), requestId: uuidIn(fields['request_id']) };
  } catch {
    return { errors: [], requestId: '' };
  }
}

/** Errors show the id: what is no id of Vault's could be anything. */
function uuidIn(value: unknown): string {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.exec(textOf(value))?.[0] ?? '';
}

const emptyBody: JsonObject = Object.freeze({ data: null, request_id: '' });
const none: readonly string[] = Object.freeze([]);

const envelopeTypes: readonly (readonly [field: string, isExpected: (value: unknown) => boolean])[] = [
  ['request_id', (value) => typeof value === 'string'],
  ['lease_id', (value) => typeof value === 'string'],
  ['lease_duration', isSeconds],
  ['renewable', (value) => typeof value === 'boolean'],
  ['auth', isJsonObject],
  ['wrap_info', isJsonObject],
  ['warnings', Array.isArray],
];

const authTypes: readonly (readonly [field: string, isExpected: (value: unknown) => boolean])[] = [
  ['client_token', (value) => typeof value === 'string'],
  ['lease_duration', isSeconds],
  ['num_uses', isWholeNumber],
];

/** The name of the first field of the envelope that is of another type than Vault's; endpoints without an envelope have none. */
function envelopeProblem(body: JsonObject): string | undefined {
  if ('request_id' in body) {
    const field = wrongField(body, envelopeTypes);
    if (field !== undefined) return field;
  }
  const { auth, wrap_info: wrapInfo } = body;
  const ofAuth = isJsonObject(auth) ? wrongField(auth, authTypes) : undefined;
  if (ofAuth !== undefined) return `auth.${ofAuth}`;
  return isJsonObject(wrapInfo) && wrongField(wrapInfo, [['ttl', isSeconds]]) !== undefined ? 'wrap_info.ttl' : undefined;
}

function wrongField(fields: JsonObject, types: typeof envelopeTypes): string | undefined {
  for (const [field, isExpected] of types) {
    const value = fields[field];
    if (value !== undefined && value !== null && !isExpected(value)) return field;
  }
  return undefined;
}

/** An answer without content (a write, a deletion) has nothing to wrap. */
function isWrapped(body: JsonObject): boolean {
  return body === emptyBody || (isJsonObject(body['wrap_info']) && textOf(body['wrap_info']['token']) !== '');
}

/** Vault's warnings may quote what was sent. */
function warningsOf(warnings: unknown, sent: VaultRequest): readonly string[] {
  return Object.freeze(textsOf(warnings).map((warning) => printableText(hideEchoes(warning, sent))));
}

/** Some system endpoints (sys/health, sys/seal-status) answer without an envelope: then the body is the data. */
function dataOf(body: JsonObject): unknown {
  return 'request_id' in body || isJsonObject(body['auth']) ? (body['data'] ?? null) : body;
}

function parseObject(text: string, isSuspect: boolean, reading: AnswerReading): JsonObject {
  let parsed: unknown;
  try {
    parsed = isSuspect ? parseExactJson(text) : JSON.parse(text);
  } catch {
    throw invalidAnswer(reading, text.trimStart().startsWith('<') ? 'an HTML page' : 'not valid JSON');
  }
  if (isJsonObject(parsed)) return parsed;
  throw invalidAnswer(reading, 'not a JSON object');
}

function authOf(auth: JsonObject, reading: AnswerReading): VaultAuth {
  const metadata = isJsonObject(auth['metadata']) ? auth['metadata'] : {};
  return sealSecret<VaultAuth>({
    clientToken: textOf(auth['client_token']),
    accessor: textOf(auth['accessor']),
    policies: textsOf(auth['policies']),
    tokenPolicies: textsOf(auth['token_policies']),
    identityPolicies: textsOf(auth['identity_policies']),
    metadata: sealAnswerData(metadata, reading) as Record<string, string>,
    leaseDuration: numberOf(auth['lease_duration']),
    renewable: auth['renewable'] === true,
    entityId: textOf(auth['entity_id']),
    tokenType: textOf(auth['token_type']),
    orphan: auth['orphan'] === true,
    numUses: numberOf(auth['num_uses']),
  });
}

function wrapInfoOf(info: JsonObject): VaultWrapInfo {
  return sealSecret<VaultWrapInfo>({
    token: textOf(info['token']),
    accessor: textOf(info['accessor']),
    ttl: numberOf(info['ttl']),
    creationTime: textOf(info['creation_time']),
    creationPath: textOf(info['creation_path']),
    wrappedAccessor: textOf(info['wrapped_accessor']),
  });
}
