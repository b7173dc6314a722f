import type { ShutdownPlan } from './shutdown-plan.js';

/**
 * How far the shutdown is. `running`: it has not begun. `quiescing`: pools serve on, and their users come to an end. `closing`: no rotation
 * begins any more; pools close, and credentials are revoked. `over`: nothing is waited for any more.
 */
export type ShutdownState =
  | { readonly kind: 'running' }
  | { readonly kind: 'quiescing'; readonly plan: ShutdownPlan }
  | { readonly kind: 'closing'; readonly plan: ShutdownPlan }
  | { readonly kind: 'over'; readonly plan: ShutdownPlan };

export type ShutdownStep =
  { readonly type: 'begun'; readonly plan: ShutdownPlan } | { readonly type: 'closed' } | { readonly type: 'ended' };

/** The state after `step`. A shutdown goes one way: a step that is done already, or comes too early, leaves `state` as it is. */
export function nextShutdownState(state: ShutdownState, step: ShutdownStep): ShutdownState {
  switch (step.type) {
    case 'begun':
      return state.kind === 'running' ? { kind: 'quiescing', plan: step.plan } : state;
    case 'closed':
      return state.kind === 'quiescing' ? { ...state, kind: 'closing' } : state;
    case 'ended':
      return state.kind === 'closing' ? { ...state, kind: 'over' } : state;
  }
}
