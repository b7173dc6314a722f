/**
 * When the credentials in force are to be replaced, on the monotonic clock. `none`: not by a timer. `scheduled`: when their life says so.
 * `retry`: a try to replace them failed, and `atMs` is the moment of the next one.
 */
export type ReplacementPlan =
  { readonly kind: 'none' } | { readonly kind: 'scheduled'; readonly atMs: number } | { readonly kind: 'retry'; readonly atMs: number };

/**
 * - `reckoned`: their life says that they are due at `atMs`.
 * - `sufficed`: they live as long as they are needed.
 * - `failed`: a try to replace them failed.
 * - `fellDue`: the moment has come, and the next try begins.
 * - `dropped`: nobody watches them any more.
 */
export type PlanStep =
  | { readonly type: 'reckoned'; readonly atMs: number }
  | { readonly type: 'sufficed' }
  | { readonly type: 'failed'; readonly retryAtMs: number }
  | { readonly type: 'fellDue' }
  | { readonly type: 'dropped' };

export const noPlan = { kind: 'none' } as const satisfies ReplacementPlan;

/** The plan after `step`: the same object where nothing changes. */
export function nextPlan(plan: ReplacementPlan, step: PlanStep): ReplacementPlan {
  switch (step.type) {
    case 'reckoned':
      // A longer life does not make up for a replacement that failed: somebody asked for it or needed it. Its next try stays due.
      return plan.kind === 'retry' ? plan : { kind: 'scheduled', atMs: step.atMs };
    case 'sufficed':
      return plan.kind === 'scheduled' ? noPlan : plan;
    case 'failed':
      return { kind: 'retry', atMs: step.retryAtMs };
    case 'fellDue':
    case 'dropped':
      return noPlan;
  }
}
