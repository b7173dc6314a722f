import type { VaultErrorRequest } from '../../errors/vault-error.js';
import type { VaultMethod } from '../request/vault-request.js';

const capabilitiesOf: Readonly<Record<VaultMethod, readonly string[]>> = {
  GET: ['read'],
  HEAD: ['read'],
  LIST: ['list'],
  POST: ['create', 'update'],
  PUT: ['create', 'update'],
  PATCH: ['patch'],
  DELETE: ['delete'],
};

/** Endpoints that also want `sudo`. Source: Vault documentation, "Policies", "Root protected API endpoints"; OpenBao's sources. */
const rootProtected: readonly RegExp[] = [
  /^auth\/token\/(accessors|revoke-orphan)\/?$/,
  /^sys\/(audit|auth\/.+|audit\/.+|remount|remount\/.+|rotate|rotate\/.+|seal|step-down|raw|raw\/.+)$/,
  /^sys\/(revoke-prefix|revoke-force|leases\/revoke-prefix|leases\/revoke-force|leases\/lookup)\/.+$/,
  /^sys\/(config\/cors|config\/auditing\/.+|config\/ui\/headers.*|plugins\/catalog\/.+|internal\/inspect\/.+|replication\/.+)$/,
  /^[^/]+\/root\/sign-self-issued$/,
  /^pki\/root$/,
];

/** The line of a policy that allows the call. Policies name the path as it is, not as it is encoded in a URL. */
export function policyLine({ method, path }: VaultErrorRequest): string {
  const named = decoded(path);
  const capabilities = [...capabilitiesOf[method as VaultMethod]];
  if (rootProtected.some((pattern) => pattern.test(named))) capabilities.push('sudo');
  const list = capabilities.map((capability) => `"${capability}"`).join(', ');
  return `path ${JSON.stringify(named)} { capabilities = [${list}] }`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
