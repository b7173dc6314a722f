import type { VaultCallOptions } from '../client/request/vault-request.js';

/** What every engine method takes besides its own parameters. */
export interface EngineCall extends VaultCallOptions {
  /** Where the engine is mounted, if not at its default place. */
  readonly mountPoint?: string | undefined;
}

/** The call options alone, for the request that an engine builds. */
export function callOptions(options: VaultCallOptions): VaultCallOptions {
  const { signal, timeoutMs, namespace, wrapTtl, bypassCache, cacheTtlMs, allowStale, repeat } = options;
  return { signal, timeoutMs, namespace, wrapTtl, bypassCache, cacheTtlMs, allowStale, repeat };
}
