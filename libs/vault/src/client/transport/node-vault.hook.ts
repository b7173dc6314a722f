import nodeVault from 'node-vault';
import type { HttpExchangeResponse } from '../http/http-exchange.js';
import type { VaultRequest } from '../request/vault-request.js';

/** One call on its way through node-vault, which adds `uri`. The same object for each hop of a redirect. */
export interface CarriedCall {
  readonly method: string;
  path: string;
  readonly headers: Record<string, string>;
  readonly carried: VaultRequest;
  readonly deadlineMs: number;
  /** When the request that got the answer left, after the redirects before it. */
  sentAtMs: number;
  readonly uri?: string;
}

export type HookedRequest = (call: CarriedCall) => Promise<HttpExchangeResponse>;

/**
 * node-vault's `request`, which sends with `send`. node-vault would read token and namespace from the environment, and check each call with
 * tv4: all three are switched off.
 */
export function hookedRequest(address: string, send: (options: CarriedCall) => Promise<HttpExchangeResponse>): HookedRequest {
  const client = nodeVault({
    endpoint: address,
    pathPrefix: '/',
    debug: () => undefined,
    tv4: { validate: () => true },
    'request-promise': { defaults: () => send },
  } as unknown as nodeVault.VaultOptions);
  const raw = client as unknown as {
    token: undefined;
    namespace: undefined;
    pathPrefix: string;
    request: HookedRequest;
    handleVaultResponse: (answer: HttpExchangeResponse) => HttpExchangeResponse;
  };
  raw.token = undefined;
  raw.namespace = undefined;
  raw.pathPrefix = '';
  raw.handleVaultResponse = (answer) => answer;
  return (options) => raw.request(options);
}
