import type { TrackedLease } from '../tracked/tracked-lease.js';

/** The end of a parent token: leases of that log-in live until `expiresAtMs` at the most. Those of others have a parent of their own. */
export interface ParentTokenEnd {
  readonly epoch: number;
  readonly expiresAtMs: number;
  readonly revoked: boolean;
}

/** Longer than any call takes, so that no answer under the old token comes later. */
const endMemoryMs = 60_000;

/**
 * Parent tokens that were replaced and still live, by log-in: the answer with a lease may arrive after its token was replaced.
 *
 * This folder decides what the end of a token means for the leases under it. When a token ends is `session/`; how a lease tells its
 * holder is `tracked/`.
 */
export class ParentTokenEnds {
  readonly #ends = new Map<number, ParentTokenEnd>();

  /** Remembers `end`, and forgets those that no answer can need any more at `nowMs`. */
  add(end: ParentTokenEnd, nowMs: number): void {
    for (const [epoch, { expiresAtMs }] of this.#ends) if (expiresAtMs + endMemoryMs < nowMs) this.#ends.delete(epoch);
    this.#ends.set(end.epoch, end);
  }

  /** The end of the token above `lease`, if that was replaced or revoked. */
  of(lease: TrackedLease): ParentTokenEnd | undefined {
    return this.#ends.get(lease.tokenEpoch);
  }
}

/** Lets `lease` end with its parent token: at once if that was revoked. A lease that is known to end no later ends as it was said to. */
export function endWithParent(lease: TrackedLease, end: ParentTokenEnd): void {
  if (end.revoked) {
    lease.lose('token-revoked');
    return;
  }
  const { state } = lease;
  const expiresAtMs = Math.min(state.expiresAtMs, end.expiresAtMs);
  if (state.kind === 'ending' && state.announceAtMs === undefined && expiresAtMs === state.expiresAtMs) return;
  lease.end(expiresAtMs, 'token-replaced');
}
