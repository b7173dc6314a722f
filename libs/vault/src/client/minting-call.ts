import type { VaultRequest } from './vault-request.js';

const repeatableMethods: ReadonlySet<string> = new Set(['GET', 'LIST', 'HEAD', 'DELETE']);

// Endpoints that make something new for each call, whatever the method. Source: Vault API, the pages of the engines.
const mintingSegments: ReadonlySet<string> = new Set([
  'creds',
  'issue',
  'sign',
  'sign-verbatim',
  'sign-intermediate',
  'login',
  'secret-id',
  'wrapping',
  'generate',
  'random',
]);

/**
 * Whether a blind repetition of the request could make a second credential, certificate, token or version.
 * A request that says so itself is believed; else writes, wrapped answers and paths of engines that issue count as minting.
 */
export function isMintingCall(request: VaultRequest): boolean {
  if (request.mints !== undefined) return request.mints;
  if (!repeatableMethods.has(request.method) || request.wrapTtl !== undefined) return true;
  return request.method === 'GET' && request.path.split('/').some((segment) => mintingSegments.has(segment)) && !isKvRead(request);
}

/** A KV path may hold any word; KV reads are the cacheable ones. */
function isKvRead(request: VaultRequest): boolean {
  return request.cacheable === true;
}
