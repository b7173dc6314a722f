import type { HttpExchangeResponse } from '../http/http-exchange.js';
import { VaultResponse } from './vault-response.js';

/** Whether Vault says that it answers in another format than JSON: certificates (`pki/ca/pem`), metrics. A page for people is none. */
export function isText({ headers }: HttpExchangeResponse): boolean {
  const type = headers['content-type'];
  return typeof type === 'string' && !/json|html/i.test(type);
}

/** An answer whose data is the text as it came. */
export function textAnswer({ status, body }: HttpExchangeResponse, receivedAtMs: number): VaultResponse {
  return new VaultResponse({
    status,
    requestId: '',
    leaseId: '',
    leaseDuration: 0,
    renewable: false,
    data: body,
    auth: null,
    wrapInfo: null,
    warnings: [],
    receivedAtMs,
    tokenEpoch: 0,
  });
}
