import type { VaultCallOptions } from '../client/vault-request.js';

/** What every engine method takes besides its own parameters. */
export interface EngineCall extends VaultCallOptions {
  /** Where the engine is mounted, if not at its default place. */
  readonly mountPoint?: string | undefined;
}

/** The call options alone, for the request that an engine builds. */
export function callOptions({ signal, timeoutMs, namespace, wrapTtl, bypassCache }: VaultCallOptions): VaultCallOptions {
  return { signal, timeoutMs, namespace, wrapTtl, bypassCache };
}
