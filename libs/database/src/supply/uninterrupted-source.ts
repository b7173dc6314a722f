import type { CredentialSource } from '../credentials/credential-source.js';
import { mayHaveIssued } from '../credentials/may-have-issued.js';

/**
 * The same source, but a request that creates a role goes on when the rotation stops: nobody would know of a role that is created
 * meanwhile. `over` ends such a request. No request begins once the rotation has stopped.
 */
export function uninterrupted(source: CredentialSource, over: AbortSignal): CredentialSource {
  if (!source.mints) return source;
  return {
    name: source.name,
    mints: true,
    issue: async (signal) => {
      signal.throwIfAborted();
      return source.issue(over);
    },
    mayHaveIssued: (error) => source.mayHaveIssued?.(error) ?? mayHaveIssued(error),
    repair: async (signal) => (await source.repair?.(signal)) ?? false,
  };
}
