import nodeVault from 'node-vault';
import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import type { HttpExchangeResponse } from '../http/http-exchange.js';
import type { VaultHandler } from '../call/vault-handler.js';
import { nodeVaultBody, nodeVaultFailure } from './node-vault.answer.js';
import { LeaseRenewals } from './node-vault.lease-renewals.js';
import { nodeVaultRequest, ofCommand, type NodeVaultRequest } from './node-vault.request.js';
import { renderPath } from './node-vault.template.js';

/** The client of the node-vault package. */
export type NodeVaultClient = nodeVault.client;

interface NodeVaultAnswer {
  readonly statusCode: number;
  readonly body: unknown;
  readonly request: { readonly path: string };
}

/**
 * A node-vault client for code that is written against one: its requests take our way, with the session's token, retries,
 * deadline and limits. Bodies are as node-vault gives them: plain, with all that stands beside the envelope, not redacted. A
 * failure is a VaultError that also has node-vault's `response: { statusCode, body }`. What differs on purpose is a table in
 * docs/reference/node-vault.md.
 *
 * Decides: how a call of node-vault becomes a request, and an answer becomes a body of node-vault. Does not decide: how the request travels;
 * it takes the way of every other request.
 */
export function nodeVaultDoor(address: string, send: VaultHandler): NodeVaultClient {
  const base = `${address}/v1/`;
  const options: object = {
    endpoint: address,
    apiVersion: 'v1',
    pathPrefix: '/',
    debug: () => undefined,
    mustache: { render: renderPath },
    'request-promise': { defaults: () => (request: NodeVaultRequest) => answerTo(request, base, send) },
  };
  const client = nodeVault(options);
  const settings = client as unknown as Record<string, unknown>;
  // It accepts every path that has sys/health in it; ours are told by their status alone.
  settings['handleVaultResponse'] = (answer: NodeVaultAnswer): unknown => answer.body;
  fixConnection(settings, address);
  makeCommands(settings);
  keepHeadersOfUpdate(client);
  leaveRenewalToSession(client);
  return client;
}

async function answerTo(sent: NodeVaultRequest, base: string, send: VaultHandler): Promise<NodeVaultAnswer> {
  const request = nodeVaultRequest(sent, base);
  let came: HttpExchangeResponse | undefined;
  try {
    const response = await send({
      ...request,
      guardsFields: true,
      onAnswer: (answer) => {
        came = answer;
      },
    });
    return { statusCode: response.status, body: nodeVaultBody(response, came), request: { path: `/v1/${request.path}` } };
  } catch (error) {
    const response = nodeVaultFailure(error, came);
    // Not enumerable: the body of a failure may hold secrets, and errors are logged.
    if (response !== undefined) Object.defineProperty(error, 'response', { value: response, configurable: true });
    throw error;
  }
}

/**
 * One client serves the whole application: what is set on it would change the calls of others, or be ignored in silence. Token, namespace
 * and prefix node-vault would read from the environment, and its own word for "none" would be taken for a default.
 */
function fixConnection(settings: Record<string, unknown>, address: string): void {
  const fixed = { endpoint: address, apiVersion: 'v1', pathPrefix: '', token: undefined, namespace: undefined };
  for (const [name, value] of Object.entries(fixed)) {
    Object.defineProperty(settings, name, {
      get: () => value,
      set: (wanted: unknown) => {
        if (wanted === value || wanted === null || wanted === '') return;
        throw new VaultConfigurationError(`\`${name}\` of \`vault.nodeVault\` cannot be set: it belongs to the connection.`, {
          setting: name,
          remedy: 'Give a call another token or namespace in `requestOptions.headers`, or make another connection.',
        });
      },
    });
  }
}

/** Commands leave the token of a log-in to their caller, and a command without a name it needs rejects: it does not throw. */
function makeCommands(settings: Record<string, unknown>): void {
  const generate = settings['generateFunction'] as (name: string, command: object) => void;
  const make = (name: string, command: object): void => {
    generate(name, { ...command, tokenSource: false });
    const call = settings[name] as (given?: unknown) => Promise<unknown>;
    settings[name] = async (given?: Readonly<Record<string, unknown>>): Promise<unknown> => call(given && marked(given));
  };
  settings['generateFunction'] = make;
  for (const [name, command] of Object.entries(settings['commands'] as Record<string, object>)) make(name, command);
}

/** Without a schema node-vault sends all arguments of a command, the caller's headers and the token in them included: told by this mark. */
function marked(given: Readonly<Record<string, unknown>>): object {
  return { ...given, requestOptions: { ...(given['requestOptions'] as object | undefined), [ofCommand]: true } };
}

/** node-vault puts its own in the place of the caller's: a call that is meant for a lesser token would run with the session's. */
function keepHeadersOfUpdate(client: NodeVaultClient): void {
  client.update = (path, data, options) => client.request({ ...options, path: `/${path}`, method: 'PATCH', json: data });
}

/** The session renews its token. node-vault's timers would fire without end for Vault's default TTL of 768 h. */
function leaveRenewalToSession(client: NodeVaultClient): void {
  client.startTokenRenewal = ({ ttl = 0 } = {}) => (ttl > 0 ? Promise.resolve() : client.tokenLookupSelf());
  const leases = new LeaseRenewals(client);
  client.startLeaseRenewal = (...given) => leases.start(...given);
  client.stopLeaseRenewal = (leaseId) => leases.stop(leaseId);
  client.stopAllRenewals = () => leases.stopAll();
}
