import type { VaultHandler } from '../../client/vault-handler.js';
import { vaultPath } from '../../client/vault-path.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import { fieldsOf } from '../../support/json-fields.js';
import { SingleFlight } from '../../support/single-flight.js';
import { callOptions, type EngineCall } from '../engine-call.js';

export type KvVersion = 1 | 2;

/** Which version of the KV engine is mounted where: asked once for a mount, and remembered. */
export class MountVersions {
  readonly #send: VaultHandler;
  readonly #known = new Map<string, KvVersion>();
  readonly #flights = new SingleFlight<string, KvVersion>();

  constructor(send: VaultHandler) {
    this.#send = send;
  }

  /** The version if it was asked for before. */
  known(mountPoint: string, namespace = ''): KvVersion | undefined {
    return this.#known.size === 0 ? undefined : this.#known.get(`${namespace}|${mountPoint}`);
  }

  /**
   * The version of the mount; 2 where the token may not ask.
   * Source: `sys/internal/ui/mounts/:path`, which every token may ask that has any right below the mount.
   */
  async versionOf(mountPoint: string, call: EngineCall): Promise<KvVersion> {
    const key = `${call.namespace ?? ''}|${mountPoint}`;
    return this.#known.get(key) ?? (await this.#flights.run(key, () => this.#ask(key, mountPoint, call)));
  }

  async #ask(key: string, mountPoint: string, call: EngineCall): Promise<KvVersion> {
    const { signal: _signal, wrapTtl: _wrapTtl, ...shared } = callOptions(call);
    try {
      const path = vaultPath('sys', 'internal', 'ui', 'mounts', mountPoint);
      const { data } = await this.#send({ ...shared, method: 'GET', path });
      const version = fieldsOf(fieldsOf(data)['options'])['version'] === '2' ? 2 : 1;
      this.#known.set(key, version);
      return version;
    } catch (error) {
      if (
        isVaultError(error, 'VAULT_PERMISSION_DENIED') ||
        isVaultError(error, 'VAULT_NOT_FOUND') ||
        isVaultError(error, 'VAULT_REQUEST_INVALID')
      )
        return 2;
      throw error;
    }
  }
}
