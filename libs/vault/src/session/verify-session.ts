import { tokenOf } from './session-state.js';
import type { VaultSession } from './vault-session.js';

/** The wall clock is ahead of what was counted, as after a suspend: Vault is asked at once what became of a token that expires. */
export function verifySession(session: VaultSession): void {
  const token = tokenOf(session.state);
  if (token === undefined || token.expiresAtMs === Number.POSITIVE_INFINITY) return;
  if (token.renewable) session.renewNow();
  else session.replaceRejected(token.credential).catch(() => undefined);
}
