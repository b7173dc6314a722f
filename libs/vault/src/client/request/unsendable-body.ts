import { VaultRequestError } from '../../errors/vault-request.error.js';
import type { VaultErrorRequest } from '../../errors/vault-error.js';

/** The error for a body that cannot become JSON. */
export function unsendableBody(request: VaultErrorRequest): VaultRequestError {
  return new VaultRequestError(`The body of ${request.method} ${request.path} cannot be sent: it is not JSON.`, {
    request,
    sent: false,
    remedy: 'Check it for an object that holds itself, and for instances of classes that do.',
  });
}
