import { tokenOf } from './session-state.js';
import type { VaultSession } from './vault-session.js';

/** When the token of log-in `epoch` ends, on the monotonic clock, if it is the one in use and nothing can extend it; else undefined. */
export function fixedTokenEndMs(session: VaultSession, epoch: number): number | undefined {
  const token = tokenOf(session.state);
  return token !== undefined && token.credential.epoch === epoch && !token.renewable ? token.expiresAtMs : undefined;
}
