import { VaultRequestError } from '../../errors/vault-request.error.js';
import type { VaultErrorRequest } from '../../errors/vault-error.js';

/** Who is asked, with which token, of which namespace and in which frame is not for an interceptor to say. */
const ours: ReadonlySet<string> = new Set([
  'x-vault-token',
  'x-vault-request',
  // The cache and the reading of the answer go by the fields of the request.
  'x-vault-namespace',
  'x-vault-wrap-ttl',
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
]);

/** @throws VaultRequestError for a header that would go out beside ours, or to another server */
export function checkedHeaders(headers: Readonly<Record<string, string>>, request: VaultErrorRequest): Readonly<Record<string, string>> {
  const name = Object.keys(headers).find((header) => ours.has(header.toLowerCase()));
  if (name === undefined) return headers;
  throw new VaultRequestError(`The header ${name} of ${request.method} ${request.path} cannot be set by a call; nothing was sent.`, {
    request,
    sent: false,
    remedy: 'Leave it out: `token`, `namespace` and `wrapTtl` of a request are what makes such headers.',
  });
}
