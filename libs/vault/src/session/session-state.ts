import type { VaultError } from '../errors/vault-error.js';
import { tokenRetryDelayMs } from './session-schedule.js';
import type { SessionToken } from './token/session-token.js';

/** Where a session stands. `failing` keeps the token that still lives, if there is one. */
export type SessionState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'authenticated'; readonly token: SessionToken }
  | {
      readonly kind: 'failing';
      readonly token: SessionToken | undefined;
      readonly error: VaultError;
      readonly failures: number;
      readonly nextTryAtMs: number;
    }
  | { readonly kind: 'closed' };

/** What changes the state of a session. */
export type SessionStep =
  /** A log-in gave `token`, or a renewal gave it a new life. */
  | { readonly type: 'obtained'; readonly token: SessionToken }
  /** A log-in or a renewal failed at `nowMs`. `random`: a number in [0, 1) */
  | { readonly type: 'failed'; readonly error: VaultError; readonly nowMs: number; readonly random: number }
  | { readonly type: 'closed' };

/** The state that follows `state`. A closed session stays closed: what comes late changes nothing. */
export function nextSessionState(state: SessionState, step: SessionStep): SessionState {
  if (state.kind === 'closed') return state;
  switch (step.type) {
    case 'obtained':
      return { kind: 'authenticated', token: step.token };
    case 'failed': {
      const { error, nowMs, random } = step;
      const failures = state.kind === 'failing' ? state.failures + 1 : 1;
      const nextTryAtMs = nowMs + tokenRetryDelayMs(error, failures, random);
      return { kind: 'failing', token: tokenOf(state), error, failures, nextTryAtMs };
    }
    case 'closed':
      return { kind: 'closed' };
  }
}

/** The token of the state, if it has one. */
export function tokenOf(state: SessionState): SessionToken | undefined {
  return state.kind === 'authenticated' || state.kind === 'failing' ? state.token : undefined;
}
