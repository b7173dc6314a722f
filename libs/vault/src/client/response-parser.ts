import { VaultResponseInvalidError } from '../errors/vault-response-invalid.error.js';
import { printableText } from '../errors/printable-text.js';
import type { VaultErrorRequest } from '../errors/vault-error.js';
import { fieldsOf, isJsonObject, numberOf, textOf, textsOf, type JsonObject } from '../support/json-fields.js';
import { sealParsed } from '../support/seal-parsed.js';
import { sealSecret } from '../support/seal-secret.js';
import { hideEchoes } from './hide-echoes.js';
import type { VaultRequest } from './vault-request.js';
import { VaultResponse, type VaultAuth, type VaultWrapInfo } from './vault-response.js';

export interface ReceivedAnswer {
  readonly status: number;
  readonly body: string;
  readonly receivedAtMs: number;
  readonly tokenEpoch: number;
}

/**
 * Reads the envelope of an answer.
 * @throws VaultResponseInvalidError for anything but a JSON object whose envelope has the types that Vault sends (an HTML
 * page of a proxy, a cut answer), and for a plain answer to a call that asked for a wrapped one
 */
export function parseAnswer(answer: ReceivedAnswer, request: VaultErrorRequest, sent: VaultRequest): VaultResponse {
  const body = answer.body === '' || answer.body.trim() === '' ? emptyBody : parseObject(answer, request);
  const problem = envelopeProblem(body);
  if (problem !== undefined) throw invalidAnswer(answer, request, `of an unexpected shape (${problem})`);
  const { auth, wrap_info: wrapInfo, warnings } = body;
  if (sent.wrapTtl !== undefined && !isWrapped(body)) throw invalidAnswer(answer, request, 'not wrapped, although that was asked for');
  return new VaultResponse({
    status: answer.status,
    requestId: textOf(body['request_id']),
    leaseId: textOf(body['lease_id']),
    leaseDuration: numberOf(body['lease_duration']),
    renewable: body['renewable'] === true,
    data: sealData(body, answer, request),
    auth: isJsonObject(auth) ? authOf(auth, answer, request) : null,
    wrapInfo: isJsonObject(wrapInfo) ? wrapInfoOf(wrapInfo) : null,
    warnings: warnings === undefined || warnings === null ? none : warningsOf(warnings, sent),
    receivedAtMs: answer.receivedAtMs,
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
  ['lease_duration', (value) => typeof value === 'number' && value >= 0],
  ['renewable', (value) => typeof value === 'boolean'],
  ['auth', isJsonObject],
  ['wrap_info', isJsonObject],
  ['warnings', Array.isArray],
];

/** The name of the first field of the envelope that is of another type than Vault's; endpoints without an envelope have none. */
function envelopeProblem(body: JsonObject): string | undefined {
  if (!('request_id' in body)) return isJsonObject(body['auth']) ? authProblem(body['auth']) : undefined;
  for (const [field, isExpected] of envelopeTypes) {
    const value = body[field];
    if (value !== undefined && value !== null && !isExpected(value)) return field;
  }
  return isJsonObject(body['auth']) ? authProblem(body['auth']) : undefined;
}

function authProblem(auth: JsonObject): string | undefined {
  const { client_token: token, lease_duration: seconds } = auth;
  if (token !== undefined && typeof token !== 'string') return 'auth.client_token';
  return seconds === undefined || (typeof seconds === 'number' && seconds >= 0) ? undefined : 'auth.lease_duration';
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
function sealData(body: JsonObject, answer: ReceivedAnswer, request: VaultErrorRequest): unknown {
  return sealed('request_id' in body || isJsonObject(body['auth']) ? (body['data'] ?? null) : body, answer, request);
}

function sealed<Value>(value: Value, answer: ReceivedAnswer, request: VaultErrorRequest): Value {
  try {
    return sealParsed(value);
  } catch {
    throw invalidAnswer(answer, request, 'nested too deep');
  }
}

function invalidAnswer(answer: ReceivedAnswer, request: VaultErrorRequest, what: string): VaultResponseInvalidError {
  return new VaultResponseInvalidError(`The answer to ${request.method} ${request.path} is ${what} (HTTP ${answer.status}).`, {
    request,
    status: answer.status,
    remedy: 'Check that VAULT_ADDR points at Vault itself and not at a page in front of it.',
  });
}

function parseObject(answer: ReceivedAnswer, request: VaultErrorRequest): JsonObject {
  const refuse = (what: string): never => {
    throw invalidAnswer(answer, request, what);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(answer.body);
  } catch {
    return refuse(answer.body.trimStart().startsWith('<') ? 'an HTML page' : 'not valid JSON');
  }
  return isJsonObject(parsed) ? parsed : refuse('not a JSON object');
}

function authOf(auth: JsonObject, answer: ReceivedAnswer, request: VaultErrorRequest): VaultAuth {
  const metadata = isJsonObject(auth['metadata']) ? auth['metadata'] : {};
  return sealSecret<VaultAuth>({
    clientToken: textOf(auth['client_token']),
    accessor: textOf(auth['accessor']),
    policies: textsOf(auth['policies']),
    tokenPolicies: textsOf(auth['token_policies']),
    identityPolicies: textsOf(auth['identity_policies']),
    metadata: sealed(metadata, answer, request) as Record<string, string>,
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
