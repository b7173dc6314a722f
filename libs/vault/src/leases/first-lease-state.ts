import { endsWithToken, type ToldLife } from './parent/token-end.js';
import type { LeaseState } from './tracked/lease-state.js';
import { leaseDueAtMs, type LeaseTiming } from './tracked/renewal-schedule.js';

/** What the answer with a lease says of its life. */
export interface LeaseGrant extends ToldLife {
  readonly renewable: boolean;
}

export interface LeaseGrantContext {
  readonly timing: LeaseTiming;
  readonly random: () => number;
  /** When the token of the lease ends, if nothing can move that. */
  readonly tokenEndMs: number | undefined;
}

/** What a lease begins as: it is renewed where a renewal can bring something; else its holder hears of its end in time. */
export function firstLeaseState(grant: LeaseGrant, { timing, random, tokenEndMs }: LeaseGrantContext): LeaseState {
  const { expiresAtMs, renewable } = grant;
  const dueAtMs = leaseDueAtMs(grant, timing, random());
  if (!renewable) return { kind: 'ending', expiresAtMs, announceAtMs: dueAtMs };
  const end = endsWithToken(grant, tokenEndMs);
  return end === undefined ? { kind: 'renewing', expiresAtMs, dueAtMs, failures: 0 } : { kind: 'ending', ...end };
}
