import type { CredentialSource } from '../credentials/credential-source.js';
import { mayHaveIssued } from '../credentials/may-have-issued.js';

/**
 * The same source, whose requests that create roles are not broken off when the rotation stops: of a role that is created meanwhile
 * nobody would know. They are broken off at `over` only; none begins once the rotation has stopped.
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
