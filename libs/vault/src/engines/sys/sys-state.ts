import type { VaultCallOptions } from '../../client/request/vault-request.js';
import type { VaultHandler } from '../../client/call/vault-handler.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import { holding, isFlag, isText } from '../answer-check.js';
import { EngineClient } from '../engine-client.js';
import { bodyOf } from '../engine-fields.js';
import type { ServerHealth, InitialisationKeys, InitializeCall, LeaderStatus, SealStatus } from './sys.types.js';

/** 429 standby, 472 and 473 standbys of Vault Enterprise, 501 not initialised, 503 sealed: answers, not failures. */
const healthStatuses = [429, 472, 473, 501, 503];

/** An answer without envelope that has to say whether Vault is `state`: what says nothing must not pass for "no". */
function telling(state: 'initialized' | 'sealed'): { readonly kind: 'bare'; readonly convert: (data: unknown) => unknown } {
  return { kind: 'bare', convert: holding({ [state]: isFlag }) };
}

const newKeys = holding({ keys: Array.isArray, root_token: isText });

/** The state of the server: health, initialisation, seal, leader. Source: Vault API, "/sys/health", "/sys/seal-status" ... */
export class SysState {
  protected readonly client: EngineClient;

  constructor(send: VaultHandler) {
    this.client = new EngineClient(send, 'sys');
  }

  /** Health as the server sees it, whatever it is; `status` of the answer tells it as well. Needs no token. */
  readHealthStatus(options: VaultCallOptions = {}): Promise<VaultResponse<ServerHealth>> {
    return this.client.request(options, {
      method: 'GET',
      path: ['health'],
      token: 'none',
      acceptStatus: healthStatuses,
      ...telling('sealed'),
    });
  }

  readInitStatus(options: VaultCallOptions = {}): Promise<VaultResponse<{ readonly initialized: boolean }>> {
    return this.client.request(options, { method: 'GET', path: ['init'], token: 'none', ...telling('initialized') });
  }

  async isInitialized(options: VaultCallOptions = {}): Promise<boolean> {
    return (await this.readInitStatus(options)).data.initialized;
  }

  /** Initialises a new server. The answer holds its unseal keys and root token, and is their only copy. */
  initialize(options: InitializeCall): Promise<VaultResponse<InitialisationKeys>> {
    return this.client.request(options, {
      method: 'POST',
      path: ['init'],
      body: bodyOf(options),
      token: 'none',
      mints: true,
      kind: 'bare',
      convert: newKeys,
    });
  }

  readSealStatus(options: VaultCallOptions = {}): Promise<VaultResponse<SealStatus>> {
    return this.client.request(options, { method: 'GET', path: ['seal-status'], token: 'none', ...telling('sealed') });
  }

  async isSealed(options: VaultCallOptions = {}): Promise<boolean> {
    return (await this.readSealStatus(options)).data.sealed;
  }

  /** Seals the server: it serves nobody until it is unsealed with its keys. */
  seal(options: VaultCallOptions = {}): Promise<VaultResponse<null>> {
    return this.client.write(options, ['seal']);
  }

  /** Gives one key of those that unseal the server. */
  submitUnsealKey(
    options: VaultCallOptions & { readonly key?: string; readonly reset?: boolean; readonly migrate?: boolean },
  ): Promise<VaultResponse<SealStatus>> {
    return this.client.request(options, {
      method: 'POST',
      path: ['unseal'],
      body: bodyOf(options),
      token: 'none',
      mints: false,
      ...telling('sealed'),
    });
  }

  /** Gives keys one after the other, until the server is unsealed. @returns the last state */
  async submitUnsealKeys(options: VaultCallOptions & { readonly keys: readonly string[] }): Promise<VaultResponse<SealStatus>> {
    const { keys, ...call } = options;
    let status = await this.readSealStatus(call);
    for (const key of keys) if (status.data.sealed) status = await this.submitUnsealKey({ ...call, key });
    return status;
  }

  readLeaderStatus(options: VaultCallOptions = {}): Promise<VaultResponse<LeaderStatus>> {
    return this.client.request(options, {
      method: 'GET',
      path: ['leader'],
      token: 'none',
      kind: 'bare',
      convert: holding({ ha_enabled: isFlag }),
    });
  }

  /** Makes the active node give up its role. */
  stepDown(options: VaultCallOptions = {}): Promise<VaultResponse<null>> {
    return this.client.mint(options, ['step-down']);
  }
}
