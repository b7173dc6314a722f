import { leaseDueAtMs, type LeaseLife } from '../tracked/renewal-schedule.js';

/** When the token of log-in `epoch` ends, on the monotonic clock, where nothing can move that end; undefined where it is not known, or can be moved. */
export type FixedTokenEnd = (epoch: number) => number | undefined;

/** Vault rounds down what is left of a lease to seconds, and begins the life of a batch token with the second in which it was made. */
const answerResolutionMs = 2_000;

/** The next log-in comes at 0.9 of the token's life at the latest; whoever holds the lease is told a little before it ends, should none come. */
const announceShare = 0.9;

export interface ToldLife extends LeaseLife {
  /** When the answer arrived that told this life. */
  readonly receivedAtMs: number;
}

/** The end of a lease that ends with its token. The next log-in tells its holder; should none come, it is told at `announceAtMs`. */
export interface EndWithToken {
  readonly expiresAtMs: number;
  readonly announceAtMs: number;
}

/**
 * The end of a lease that lives as long as its token, which cannot be extended: a renewal would bring nothing, and new credentials
 * would end with it too.
 * @returns undefined if it ends before its token, or the end of that can be moved
 */
export function endsWithToken(life: ToldLife, tokenEndMs: number | undefined): EndWithToken | undefined {
  if (tokenEndMs === undefined) return undefined;
  const sinceSentMs = life.receivedAtMs - life.fromMs;
  if (life.expiresAtMs + sinceSentMs < tokenEndMs - answerResolutionMs) return undefined;
  const expiresAtMs = Math.min(life.expiresAtMs, tokenEndMs);
  const announceAtMs = leaseDueAtMs({ fromMs: life.fromMs, expiresAtMs }, { fraction: announceShare, jitter: 0 }, 0);
  return { expiresAtMs, announceAtMs };
}
