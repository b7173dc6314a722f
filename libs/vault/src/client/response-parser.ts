import { VaultResponseInvalidError } from '../errors/vault-response-invalid.error.js';
import type { VaultErrorRequest } from '../errors/vault-error.js';
import { isJsonObject, numberOf, textOf, textsOf, type JsonObject } from '../support/json-fields.js';
import { sealSecret } from '../support/seal-secret.js';
import { VaultResponse, type VaultAuth, type VaultResponseFields, type VaultWrapInfo } from './vault-response.js';

export interface ReceivedAnswer {
  readonly status: number;
  readonly body: string;
  readonly receivedAtMs: number;
  readonly tokenEpoch: number;
}

/**
 * Reads the envelope of an answer.
 * @throws VaultResponseInvalidError for anything but a JSON object (an HTML page of a proxy, a cut answer)
 */
export function parseAnswer(answer: ReceivedAnswer, request: VaultErrorRequest): VaultResponse {
  const body = answer.body.trim() === '' ? {} : parseObject(answer, request);
  const fields: VaultResponseFields<unknown> = {
    status: answer.status,
    requestId: textOf(body['request_id']),
    leaseId: textOf(body['lease_id']),
    leaseDuration: numberOf(body['lease_duration']),
    renewable: body['renewable'] === true,
    // Some system endpoints (sys/health, sys/seal-status) answer without an envelope: then the body is the data.
    data: sealSecret('request_id' in body || isJsonObject(body['auth']) ? (body['data'] ?? null) : body),
    auth: isJsonObject(body['auth']) ? authOf(body['auth']) : null,
    wrapInfo: isJsonObject(body['wrap_info']) ? wrapInfoOf(body['wrap_info']) : null,
    warnings: textsOf(body['warnings']),
    receivedAtMs: answer.receivedAtMs,
    tokenEpoch: answer.tokenEpoch,
  };
  return new VaultResponse(fields);
}

/** The `errors` array of a failed answer; empty when there is none to read. */
export function parseErrors(body: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(body);
    return isJsonObject(parsed) ? textsOf(parsed['errors']) : [];
  } catch {
    return [];
  }
}

function parseObject(answer: ReceivedAnswer, request: VaultErrorRequest): JsonObject {
  const refuse = (what: string): never => {
    throw new VaultResponseInvalidError(`The answer to ${request.method} ${request.path} is ${what} (HTTP ${answer.status}).`, {
      request,
      status: answer.status,
      remedy: 'Check that VAULT_ADDR points at Vault itself and not at a page in front of it.',
    });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(answer.body);
  } catch {
    return refuse(answer.body.trimStart().startsWith('<') ? 'an HTML page' : 'not valid JSON');
  }
  return isJsonObject(parsed) ? parsed : refuse('not a JSON object');
}

function authOf(auth: JsonObject): VaultAuth {
  return {
    clientToken: textOf(auth['client_token']),
    accessor: textOf(auth['accessor']),
    policies: textsOf(auth['policies']),
    tokenPolicies: textsOf(auth['token_policies']),
    metadata: (isJsonObject(auth['metadata']) ? sealSecret(auth['metadata']) : {}) as Record<string, string>,
    leaseDuration: numberOf(auth['lease_duration']),
    renewable: auth['renewable'] === true,
    entityId: textOf(auth['entity_id']),
    tokenType: textOf(auth['token_type']),
  };
}

function wrapInfoOf(info: JsonObject): VaultWrapInfo {
  return {
    token: textOf(info['token']),
    accessor: textOf(info['accessor']),
    ttl: numberOf(info['ttl']),
    creationTime: textOf(info['creation_time']),
    creationPath: textOf(info['creation_path']),
  };
}
