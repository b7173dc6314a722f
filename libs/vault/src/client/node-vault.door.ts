import nodeVault from 'node-vault';
import { isVaultError } from '../errors/is-vault-error.js';
import { isJsonObject } from '../support/json-fields.js';
import { revealSecret } from '../support/seal-secret.js';
import { isLoginCall } from './login-call.js';
import { renderPath } from './node-vault.template.js';
import type { VaultHandler } from './vault-handler.js';
import { vaultPath } from './vault-path.js';
import type { VaultMethod, VaultRequest } from './vault-request.js';
import type { VaultResponse } from './vault-response.js';

/** The client of the node-vault package. */
export type NodeVaultClient = nodeVault.client;

interface NodeVaultRequest {
  readonly uri: string;
  readonly method: string;
  readonly json?: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

interface NodeVaultAnswer {
  readonly statusCode: number;
  readonly body: unknown;
  readonly request: { readonly path: string };
}

/**
 * A node-vault client for code that is written against one: its requests take our way, with the session's token, retries,
 * deadline and limits. Bodies are as node-vault gives them: plain objects in Vault's snake_case, not redacted. A failure is a
 * VaultError that also has node-vault's `response: { statusCode, body: { errors } }`.
 * A `token` that is set on the client is not used; use the session's, or another connection.
 */
export function nodeVaultDoor(address: string, send: VaultHandler): NodeVaultClient {
  const options: object = {
    endpoint: address,
    pathPrefix: '/',
    debug: () => undefined,
    mustache: { render: renderPath },
    'request-promise': { defaults: () => (request: NodeVaultRequest) => answerTo(request, address, send) },
  };
  const client = nodeVault(options);
  const settings = client as unknown as Record<string, unknown>;
  // It reads token, namespace and prefix from the environment, and node-vault's own word for "none" would be taken for a default.
  // A log-in of its own would leave the new token here, to be used by nobody and shown by whoever logs the client.
  Object.defineProperty(settings, 'token', {
    get: () => undefined,
    set: () => {
      // Kept nowhere.
    },
  });
  settings['namespace'] = undefined;
  settings['pathPrefix'] = '';
  // It accepts every path that has sys/health in it; ours are told by their status alone.
  settings['handleVaultResponse'] = (answer: NodeVaultAnswer): unknown => answer.body;
  return client;
}

async function answerTo(options: NodeVaultRequest, address: string, send: VaultHandler): Promise<NodeVaultAnswer> {
  const request = requestOf(options, address);
  try {
    const response = await send(request);
    return { statusCode: response.status, body: bodyOf(response), request: { path: `/v1/${request.path}` } };
  } catch (error) {
    if (isVaultError(error) && error.status !== undefined) {
      const response = { statusCode: error.status, body: { errors: error.serverErrors ?? [] } };
      Object.defineProperty(error, 'response', { value: response, configurable: true });
    }
    throw error;
  }
}

/** node-vault hands over one URL: path and query are taken apart, and the path is checked like any other. */
function requestOf({ uri, method, json, headers }: NodeVaultRequest, address: string): VaultRequest {
  const [rawPath = '', rawQuery] = uri.slice(`${address}/v1/`.length).split('?', 2);
  const path = vaultPath(...rawPath.split('/').map(decoded));
  const query = rawQuery === undefined ? undefined : Object.fromEntries(new URLSearchParams(rawQuery));
  const { 'X-Vault-Token': _token, 'X-Vault-Namespace': namespace, 'X-Vault-Wrap-TTL': wrapTtl, ...rest } = headers;
  return {
    method: method as VaultMethod,
    path,
    query,
    body: isJsonObject(json) ? json : undefined,
    headers: rest,
    namespace,
    wrapTtl,
    token: isLoginCall(method, path) ? 'none' : 'session',
    acceptStatus: path === 'sys/health' ? [429, 472, 473, 501, 503] : undefined,
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The envelope as Vault sent it; endpoints without one give their data alone. */
function bodyOf(response: VaultResponse): unknown {
  if (response.status === 204) return undefined;
  const data: unknown = revealSecret(response.data);
  if (response.requestId === '' && response.auth === null && response.wrapInfo === null) return data;
  return {
    request_id: response.requestId,
    lease_id: response.leaseId,
    renewable: response.renewable,
    lease_duration: response.leaseDuration,
    data,
    wrap_info: snakeFields(response.wrapInfo),
    warnings: response.warnings.length === 0 ? null : response.warnings,
    auth: snakeFields(response.auth),
  };
}

function snakeFields(fields: object | null): unknown {
  if (fields === null) return null;
  const plain = Object.entries(revealSecret(fields) as Record<string, unknown>);
  return Object.fromEntries(plain.map(([name, value]) => [name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]));
}
