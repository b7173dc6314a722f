/**
 * Where a lease stands; times on the monotonic clock. `renewing`: extended at `dueAtMs`. `ending`: lives until
 * `expiresAtMs` and is not extended. `ended`: released, revoked or lost.
 */
export type LeaseState =
  | { readonly kind: 'renewing'; readonly expiresAtMs: number; readonly dueAtMs: number; readonly failures: number }
  | { readonly kind: 'ending'; readonly expiresAtMs: number; readonly announceAtMs?: number }
  | { readonly kind: 'ended'; readonly expiresAtMs: number };

/** What changes the state of a lease. */
export type LeaseStep =
  /** A renewal was granted; the next one is due at `dueAtMs`. */
  | { readonly type: 'renewed'; readonly expiresAtMs: number; readonly dueAtMs: number }
  /** A renewal failed, and is tried again at `dueAtMs`. */
  | { readonly type: 'failed'; readonly dueAtMs: number }
  /** It is not extended any more. Its holder hears of that at `announceAtMs`, or has heard of it already. */
  | { readonly type: 'ending'; readonly expiresAtMs: number; readonly announceAtMs?: number }
  | { readonly type: 'ended'; readonly expiresAtMs: number };

/** The state that follows `state`. A renewal that comes late changes nothing for a lease that ends, and nothing does for one that ended. */
export function nextLeaseState(state: LeaseState, step: LeaseStep): LeaseState {
  if (state.kind === 'ended') return state;
  switch (step.type) {
    case 'renewed':
      return state.kind === 'renewing' ? { kind: 'renewing', expiresAtMs: step.expiresAtMs, dueAtMs: step.dueAtMs, failures: 0 } : state;
    case 'failed':
      return state.kind === 'renewing' ? { ...state, dueAtMs: step.dueAtMs, failures: state.failures + 1 } : state;
    case 'ending': {
      const { expiresAtMs, announceAtMs } = step;
      return { kind: 'ending', expiresAtMs, ...(announceAtMs === undefined ? {} : { announceAtMs }) };
    }
    case 'ended':
      return { kind: 'ended', expiresAtMs: step.expiresAtMs };
  }
}

/** When the registry has to look at the lease again. */
export function wakeAtMs(state: LeaseState): number {
  switch (state.kind) {
    case 'renewing':
      return Math.min(state.dueAtMs, state.expiresAtMs);
    case 'ending':
      return Math.min(state.announceAtMs ?? state.expiresAtMs, state.expiresAtMs);
    case 'ended':
      return Number.POSITIVE_INFINITY;
  }
}
