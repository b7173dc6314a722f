import type { VaultRequest } from '../request/vault-request.js';

const repeatableMethods: ReadonlySet<string> = new Set(['LIST', 'HEAD', 'DELETE']);

// Reads that are known to make nothing, by what follows the mount. Source: Vault API, the pages of the engines.
const safeReads = [
  /^(?:sys|cubbyhole)\//,
  /^identity\/(?!oidc\/)/,
  /^auth\/token\//,
  /^auth\/[^/]+\/(?:config|groups?|map|roles?|users?)(?:\/|$)/,
  /^[^/]+\/(?:ca|ca_chain|certs?|config|crl|data|issuers?|keys|metadata|roles?|static-creds?|static-roles?|subkeys)(?:\/|$)/,
];

// Reads that make something new each time, below whatever mount: they overrule the list above.
const mintingSegments: ReadonlySet<string> = new Set(['creds', 'generate', 'issue', 'login', 'random', 'sign', 'sts', 'token', 'key']);

/**
 * Whether a blind repetition of the request could make a second credential, certificate, token or version.
 * A wrapped answer always is a new token. Else a request that says so itself is believed. Of the others writes count as minting,
 * and so does every read that is not known to be safe: engines make credentials on GET as well, also those we do not know.
 */
export function isMintingCall(request: VaultRequest): boolean {
  if (request.wrapTtl !== undefined) return true;
  if (request.mints !== undefined) return request.mints;
  if (repeatableMethods.has(request.method)) return false;
  return request.method !== 'GET' || !isSafeRead(request);
}

/** A KV path may hold any word; KV reads are the cacheable ones. */
function isSafeRead({ path, cacheable }: VaultRequest): boolean {
  if (cacheable === true) return true;
  if (!safeReads.some((pattern) => pattern.test(path))) return false;
  return path.startsWith('sys/') || path.startsWith('auth/') || !path.split('/').some((segment) => mintingSegments.has(segment));
}
