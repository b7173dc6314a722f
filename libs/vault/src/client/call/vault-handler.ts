import type { VaultRequest } from '../request/vault-request.js';
import type { VaultResponse } from '../answer/vault-response.js';

/** Takes a request to its answer: the next interceptor, or the transport at the end of the chain. */
export type VaultHandler = (request: VaultRequest) => Promise<VaultResponse>;
