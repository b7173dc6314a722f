import { VaultAbortedError } from '../../errors/vault-aborted.error.js';
import { shownPath } from '../request/shown-path.js';
import type { VaultHandler } from './vault-handler.js';
import type { VaultRequest } from '../request/vault-request.js';

/** Passes on what somebody still waits for: a call whose signal is aborted before it starts ends here, also where an answer is shared. */
export function liveCalls(handler: VaultHandler): VaultHandler {
  return (request) => (request.signal?.aborted === true ? Promise.reject(abortedCall(request)) : handler(request));
}

/** The error for a call that its caller aborted. */
export function abortedCall(request: Pick<VaultRequest, 'method' | 'path' | 'pathTemplate'>): VaultAbortedError {
  return new VaultAbortedError(`The caller aborted ${request.method} ${shownPath(request)}.`);
}
