/**
 * The life of one generation of connections:
 * `warming` -> `active` -> `draining` -> `ended`, or `warming` -> `failed` when its credentials do not prove themselves.
 */
export type GenerationState =
  | { readonly kind: 'warming' }
  | { readonly kind: 'active' }
  | { readonly kind: 'draining'; readonly terminated: number }
  | { readonly kind: 'ended'; readonly terminated: number }
  | { readonly kind: 'failed' };

export type GenerationStep =
  | { readonly type: 'activated' }
  | { readonly type: 'retired' }
  | { readonly type: 'terminated'; readonly connections: number }
  | { readonly type: 'emptied' }
  | { readonly type: 'rejected' };

/**
 * The state after `step`.
 * @throws Error when the step is not possible in `state`: a defect of the pool, never of its user
 */
export function nextGenerationState(state: GenerationState, step: GenerationStep): GenerationState {
  switch (state.kind) {
    case 'warming':
      if (step.type === 'activated') return { kind: 'active' };
      if (step.type === 'rejected') return { kind: 'failed' };
      break;
    case 'active':
      if (step.type === 'retired') return { kind: 'draining', terminated: 0 };
      break;
    case 'draining':
      if (step.type === 'terminated') return { kind: 'draining', terminated: state.terminated + step.connections };
      if (step.type === 'emptied') return { kind: 'ended', terminated: state.terminated };
      break;
    case 'ended':
    case 'failed':
      break;
  }
  throw new Error(`A generation that is ${state.kind} cannot be ${step.type}.`);
}
