import { VaultRequestError } from '../../errors/vault-request.error.js';
import { isLoginCall } from './login-call.js';
import { vaultPath } from './vault-path.js';
import type { VaultCallOptions, VaultMethod, VaultRequest } from './vault-request.js';

/** A raw call of any endpoint. `path` is given unencoded and without a query. */
export interface RawVaultRequest extends VaultCallOptions {
  readonly method: VaultMethod;
  /** Below `/v1/`, such as `sys/mounts`. */
  readonly path: string;
  readonly query?: VaultRequest['query'];
  readonly body?: VaultRequest['body'];
  /**
   * Whether the call creates something on each try: then it is not repeated blindly. Default: true for writes and for every GET
   * that is not known to be a plain read (KV version 2, `sys`, `identity`, roles, configurations, certificates).
   */
  readonly mints?: boolean;
}

const known: Readonly<Record<keyof RawVaultRequest, true>> = {
  method: true,
  path: true,
  query: true,
  body: true,
  mints: true,
  signal: true,
  timeoutMs: true,
  namespace: true,
  wrapTtl: true,
  bypassCache: true,
  cacheTtlMs: true,
  allowStale: true,
  repeat: true,
};

/**
 * The request for a raw call, of the fields that such a call has and no others: a header or a token of its own would go out beside ours.
 * @throws VaultPathError; VaultRequestError for a field that it does not have
 */
export function rawRequest(call: RawVaultRequest): VaultRequest {
  const path = vaultPath(call.path);
  for (const [name, value] of Object.entries(call)) {
    if (Object.hasOwn(known, name) || value === undefined) continue;
    throw new VaultRequestError(`A call with \`request()\` has no field \`${name}\`; nothing was sent.`, {
      sent: false,
      remedy: `It has ${Object.keys(known).join(', ')}.`,
    });
  }
  return { ...call, path, token: isLoginCall(call.method, path) ? 'none' : 'session' };
}
