import { VaultRequestError } from '../../errors/vault-request.error.js';
import { checkedSignal } from '../../support/checked/checked-signal.js';
import { isJsonObject } from '../../support/json/json-fields.js';
import { isLoginCall } from '../request/login-call.js';
import { vaultPath } from '../request/vault-path.js';
import type { VaultMethod, VaultRequest } from '../request/vault-request.js';
import { nodeVaultHeaders } from './node-vault.headers.js';

/** What node-vault hands to its HTTP client: one URL, the body, and whatever the caller gave as `requestOptions`. */
export interface NodeVaultRequest {
  readonly uri: string;
  readonly method: string;
  readonly json?: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly timeout?: unknown;
  readonly signal?: VaultRequest['signal'];
  readonly [ofCommand]?: true;
}

/** Marks the options of a command. */
export const ofCommand: unique symbol = Symbol('of a command');

/** Options of a call that node-vault turns into a connection of its own: with ours, another identity would be shown. */
const connectionOptions = ['ca', 'cert', 'key', 'passphrase', 'pfx', 'agentOptions', 'strictSSL', 'httpAgent', 'httpsAgent'] as const;

// They answer without a token, also while a sealed server lets nobody log in. Source: Vault API, "/sys/init" and its neighbours.
const openPaths: ReadonlySet<string> = new Set(['sys/health', 'sys/init', 'sys/leader', 'sys/seal-status', 'sys/unseal']);

/** What `sys/health` tells by its status alone. Source: Vault API, "/sys/health". */
const healthStatuses: readonly number[] = [429, 472, 473, 501, 503];

/**
 * The request that a call of node-vault is: its path checked like any other, its query and its headers taken apart.
 * @param base address and version, such as `https://vault.example.com:8200/v1/`
 * @throws VaultPathError for a path that names nothing; VaultRequestError for what a single call cannot have
 */
export function nodeVaultRequest(sent: NodeVaultRequest, base: string): VaultRequest {
  const method = sent.method.toUpperCase();
  if (!sent.uri.startsWith(base)) throw refused('The path of a `request()` does not begin with a slash', 'Write it as `/sys/mounts`.');
  const { path, query } = targetOf(sent.uri.slice(base.length), method);
  const call = `${method} ${path}`;
  for (const name of connectionOptions) {
    if ((sent as unknown as Record<string, unknown>)[name] !== undefined)
      throw refused(
        `The option \`${name}\` of ${call} cannot be given for one call`,
        'TLS, proxy and certificates belong to the connection: set them in its options, or make another one.',
      );
  }
  const { token, ...headers } = nodeVaultHeaders(sent.headers, call);
  const endpoint = path.replace(/\/$/, '');
  return {
    method: method as VaultMethod,
    path,
    query,
    body: bodyOf(sent, call),
    ...headers,
    token: token ?? (openPaths.has(endpoint) || isLoginCall(method, path) ? 'none' : 'session'),
    acceptStatus: endpoint === 'sys/health' ? [...healthStatuses, ...askedStatuses(query)] : undefined,
    timeoutMs: timeoutOf(sent.timeout, call),
    signal: checkedSignal(sent.signal),
  };
}

/** A slash at the end may be part of the name (KV v1), but for a list, where Vault itself adds it. */
function targetOf(target: string, method: string): Pick<VaultRequest, 'path' | 'query'> & { readonly path: string } {
  const at = target.indexOf('?');
  const named = at < 0 ? target : target.slice(0, at);
  const trimmed = named.replaceAll(/^\/+|\/+$/g, '');
  const path = vaultPath(trimmed.split('/').map(decoded).join('/'));
  return {
    path: named.endsWith('/') && method !== 'LIST' ? `${path}/` : path,
    query: at < 0 ? undefined : queryOf(new URLSearchParams(target.slice(at + 1))),
  };
}

function queryOf(parameters: URLSearchParams): NonNullable<VaultRequest['query']> {
  const names = [...new Set(parameters.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

function bodyOf({ json, ...sent }: NodeVaultRequest, call: string): VaultRequest['body'] {
  if (Array.isArray(json)) throw refused(`The body of ${call} is an array`, 'Vault takes an object.');
  if (!isJsonObject(json)) return undefined;
  const { requestOptions: _options, ...rest } = json;
  // Commands without a schema send all of their arguments, the caller's headers and the token in them included.
  return sent[ofCommand] === true ? rest : json;
}

/** The caller may choose the statuses: `sealedcode`, `standbycode` ... */
function askedStatuses(query: VaultRequest['query']): readonly number[] {
  return Object.entries(query ?? {})
    .filter(([name]) => name.endsWith('code'))
    .map(([, value]) => Number(value));
}

/** node-vault's `timeout`, in milliseconds; 0 is its word for none, and then the connection's deadline holds. */
function timeoutOf(timeout: unknown, call: string): number | undefined {
  if (timeout === undefined || timeout === 0) return undefined;
  if (typeof timeout === 'number' && timeout > 0 && Number.isFinite(timeout)) return timeout;
  throw refused(`The option \`timeout\` of ${call} is not a number of milliseconds above 0`, 'Give a number.');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function refused(problem: string, remedy: string): VaultRequestError {
  return new VaultRequestError(`${problem}.`, { sent: false, remedy });
}
