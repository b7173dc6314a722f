import { redactedPrototype } from '../support/redacted.js';
import { sealSecret } from '../support/seal-secret.js';
import { shownPath } from './shown-path.js';
import { unsendableBody } from './unsendable-body.js';
import type { VaultHandler } from './vault-handler.js';
import type { VaultRequest } from './vault-request.js';

/** Passes requests on with a body that shows itself as `[redacted]`: an interceptor may log what it sees. */
export function hideBodies(handler: VaultHandler): VaultHandler {
  return (request) => {
    const { body } = request;
    if (body === undefined || Object.getPrototypeOf(body) === redactedPrototype) return handler(request);
    const sealed = sealedBody(body);
    if (sealed !== undefined) return handler({ ...request, body: sealed });
    return Promise.reject(unsendableBody({ method: request.method, path: shownPath(request) }));
  };
}

/** `undefined` for a body that holds itself. */
function sealedBody(body: NonNullable<VaultRequest['body']>): VaultRequest['body'] {
  try {
    return sealSecret(body);
  } catch {
    return undefined;
  }
}
