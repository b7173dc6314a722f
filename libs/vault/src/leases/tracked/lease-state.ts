/**
 * Where a lease stands; times on the monotonic clock. `renewing`: extended at `dueAtMs`. `ending`: lives until
 * `expiresAtMs` and is not extended. `ended`: released, revoked or lost.
 */
export type LeaseState =
  | { readonly kind: 'renewing'; readonly expiresAtMs: number; readonly dueAtMs: number; readonly failures: number }
  | { readonly kind: 'ending'; readonly expiresAtMs: number; readonly announceAtMs?: number }
  | { readonly kind: 'ended'; readonly expiresAtMs: number };

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
