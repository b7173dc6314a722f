import { isVaultError } from '../../errors/is-vault-error.js';
import { parseJson } from '../../support/json/exact-json.js';
import { isJsonObject, type JsonObject } from '../../support/json/json-fields.js';
import { revealSecret } from '../../support/redaction/seal-secret.js';
import type { HttpExchangeResponse } from '../http/http-exchange.js';
import type { VaultResponse } from '../answer/vault-response.js';

/**
 * The body of an answer as node-vault gives it: the envelope with all that stands beside it (`auths()` repeats the mounts there).
 * @param came the answer as it came over the wire; none where an interceptor made one up
 */
export function nodeVaultBody(response: VaultResponse, came: HttpExchangeResponse | undefined): unknown {
  if (came?.body === '') return '';
  const data: unknown = revealSecret(response.data);
  const whole = parsed(came);
  if (whole === undefined) return isBare(response) ? data : envelopeOf(response, data);
  // An interceptor may have changed the data.
  return 'data' in whole && !isBare(response) ? { ...whole, data } : isBare(response) ? data : whole;
}

/** The body of a failure: all of it, with the messages freed of what was sent. */
export function nodeVaultFailure(
  error: unknown,
  came: HttpExchangeResponse | undefined,
): { statusCode: number; body: unknown } | undefined {
  if (!isVaultError(error) || error.status === undefined) return undefined;
  const errors = error.serverErrors ?? [];
  // The failure may be that of a log-in which the call waited for.
  const whole = came?.status === error.status ? parsed(came) : undefined;
  const body = whole === undefined || 'errors' in whole ? { ...whole, errors } : whole;
  return { statusCode: error.status, body };
}

function parsed(came: HttpExchangeResponse | undefined): JsonObject | undefined {
  try {
    const body = parseJson(came?.body ?? '');
    return isJsonObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Some system endpoints answer without an envelope: then the body is the data. */
function isBare({ requestId, auth, wrapInfo }: VaultResponse): boolean {
  return requestId === '' && auth === null && wrapInfo === null;
}

function envelopeOf(response: VaultResponse, data: unknown): JsonObject {
  return {
    request_id: response.requestId,
    lease_id: response.leaseId,
    renewable: response.renewable,
    lease_duration: response.leaseDuration,
    data,
    wrap_info: snakeFields(response.wrapInfo),
    warnings: response.warnings.length === 0 ? null : response.warnings,
    auth: snakeFields(response.auth),
  };
}

function snakeFields(fields: object | null): unknown {
  if (fields === null) return null;
  const plain = Object.entries(revealSecret(fields) as Record<string, unknown>);
  return Object.fromEntries(plain.map(([name, value]) => [name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]));
}
