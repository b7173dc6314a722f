import nodeVault from 'node-vault';
import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import type { HttpExchangeResponse } from '../http-exchange.js';
import type { VaultHandler } from '../vault-handler.js';
import { nodeVaultBody, nodeVaultFailure } from './node-vault.answer.js';
import { nodeVaultRequest, type NodeVaultRequest } from './node-vault.request.js';
import { renderPath } from './node-vault.template.js';

/** The client of the node-vault package. */
export type NodeVaultClient = nodeVault.client;

interface NodeVaultAnswer {
  readonly statusCode: number;
  readonly body: unknown;
  readonly request: { readonly path: string };
}

/** A later `setTimeout` fires at once. */
const longestTimerSeconds = Math.floor((2 ** 31 - 1) / 1_000);

/**
 * A node-vault client for code that is written against one: its requests take our way, with the session's token, retries,
 * deadline and limits. Bodies are as node-vault gives them: plain, with all that stands beside the envelope, not redacted. A
 * failure is a VaultError that also has node-vault's `response: { statusCode, body }`. What differs on purpose is a table in
 * docs/reference/node-vault.md.
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
  // It reads token, namespace and prefix from the environment, and node-vault's own word for "none" would be taken for a default.
  settings['namespace'] = undefined;
  settings['pathPrefix'] = '';
  // It accepts every path that has sys/health in it; ours are told by their status alone.
  settings['handleVaultResponse'] = (answer: NodeVaultAnswer): unknown => answer.body;
  fixConnection(settings, address);
  makeCommands(settings);
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

/** One client serves the whole application: what is set on it would change the calls of others, or be ignored in silence. */
function fixConnection(settings: Record<string, unknown>, address: string): void {
  const fixed = { endpoint: address, apiVersion: 'v1', token: undefined };
  for (const [name, value] of Object.entries(fixed)) {
    Object.defineProperty(settings, name, {
      get: () => value,
      set: (wanted: unknown) => {
        if (wanted === value || wanted === null || wanted === '') return;
        throw new VaultConfigurationError(`\`${name}\` of \`vault.nodeVault\` cannot be set: it belongs to the connection.`, {
          setting: name,
          remedy: "Give a call another token in `requestOptions.headers['X-Vault-Token']`, or make another connection.",
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
    settings[name] = async (given?: unknown): Promise<unknown> => call(given);
  };
  settings['generateFunction'] = make;
  for (const [name, command] of Object.entries(settings['commands'] as Record<string, object>)) make(name, command);
}

/** The session renews its token. node-vault's timers would fire without end for Vault's default TTL of 768 h. */
function leaveRenewalToSession(client: NodeVaultClient): void {
  const renewLease = client.startLeaseRenewal.bind(client);
  client.startTokenRenewal = ({ ttl = 0 } = {}) => (ttl > 0 ? Promise.resolve() : client.tokenLookupSelf());
  client.startLeaseRenewal = (leaseId, leaseDuration, given = {}) => {
    const longestSeconds = Math.max(leaseDuration, given.increment ?? 0);
    const renewFraction = Math.min(given.renewFraction ?? 0.8, longestTimerSeconds / longestSeconds);
    renewLease(leaseId, leaseDuration, { ...given, renewFraction });
  };
}
