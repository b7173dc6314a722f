import type { HttpExchangeResponse } from '../http/http-exchange.js';

/** Redirects that are followed for one call; Vault itself needs one. The remedy in `answer-error.ts` names the number. */
export const longestRedirectChain = 3;

/**
 * Where a redirect leads, as a path below `/v1`, if it stays at Vault's own scheme, host and port; undefined for anything
 * else: a redirect to another host would carry the token there.
 * Only 307 and 308 keep method and body; 301 and 302 are followed for reads.
 */
export function sameHostRedirect(answer: HttpExchangeResponse, address: string, method: string): string | undefined {
  const { status, headers } = answer;
  if (status !== 307 && status !== 308 && !((status === 301 || status === 302) && method === 'GET')) return undefined;
  const { location } = headers;
  if (typeof location !== 'string' || !URL.canParse(location, address)) return undefined;
  const target = new URL(location, address);
  if (target.origin !== new URL(address).origin || !target.pathname.startsWith('/v1/')) return undefined;
  return target.pathname.slice('/v1'.length) + target.search;
}
