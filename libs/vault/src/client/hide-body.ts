import { redactedPrototype } from '../support/redacted.js';
import { sealSecret } from '../support/seal-secret.js';
import type { VaultHandler } from './vault-handler.js';

/** Passes requests on with a body that shows itself as `[redacted]`: an interceptor may log what it sees. */
export function hideBodies(handler: VaultHandler): VaultHandler {
  return (request) => {
    const { body } = request;
    if (body === undefined || Object.getPrototypeOf(body) === redactedPrototype) return handler(request);
    return handler({ ...request, body: sealSecret(body) });
  };
}
