import { isVaultError } from '../../errors/is-vault-error.js';
import { redactedPrototype } from '../../support/redaction/redacted.js';
import { sealBody } from '../../support/redaction/seal-secret.js';
import { shownPath } from '../request/shown-path.js';
import { unsendableBody } from '../request/unsendable-body.js';
import type { VaultHandler } from './vault-handler.js';
import type { VaultRequest } from '../request/vault-request.js';

/** Passes requests on with a body that shows itself as `[redacted]`: an interceptor may log what it sees. */
export function hideBodies(handler: VaultHandler): VaultHandler {
  return (request) => {
    const { body } = request;
    if (body === undefined || isSealed(body)) return handler(request);
    let sealed: VaultRequest['body'];
    try {
      sealed = sealBody(body);
    } catch (error) {
      return Promise.reject(isVaultError(error) ? error : unsendableBody({ method: request.method, path: shownPath(request) }));
    }
    return handler({ ...request, body: sealed });
  };
}

function isSealed(body: object): boolean {
  return Object.getPrototypeOf(body) === redactedPrototype && Object.isFrozen(body);
}
