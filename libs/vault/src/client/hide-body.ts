import { redactedPrototype } from '../support/redacted.js';
import { sealBody } from '../support/seal-secret.js';
import { shownPath } from './shown-path.js';
import { unsendableBody } from './unsendable-body.js';
import type { VaultHandler } from './vault-handler.js';
import type { VaultRequest } from './vault-request.js';

/** Passes requests on with a body that shows itself as `[redacted]`: an interceptor may log what it sees. */
export function hideBodies(handler: VaultHandler): VaultHandler {
  return (request) => {
    const { body } = request;
    if (body === undefined || isSealed(body)) return handler(request);
    const sealed = sealedBody(body);
    if (sealed !== undefined) return handler({ ...request, body: sealed });
    return Promise.reject(unsendableBody({ method: request.method, path: shownPath(request) }));
  };
}

function isSealed(body: object): boolean {
  return Object.getPrototypeOf(body) === redactedPrototype && Object.isFrozen(body);
}

/** `undefined` for a body that holds itself. */
function sealedBody(body: NonNullable<VaultRequest['body']>): VaultRequest['body'] {
  try {
    return sealBody(body);
  } catch {
    return undefined;
  }
}
