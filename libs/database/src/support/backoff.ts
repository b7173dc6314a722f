import { checkedDelayMs } from '@keyturn/vault';

export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  /** Share of the delay that chance may take away, 0 to 1. Jitter only shortens: a deadline computed from `maxMs` holds. */
  readonly jitter: number;
}

/**
 * The vault library has the same curve. It is no part of that library's public face, and the two libraries may change theirs apart.
 *
 * Delay before try `attempt` (1 = the first repetition): `initialMs` doubled each time, at most `maxMs`, minus jitter.
 * @param random a number in [0, 1)
 * @throws VaultConfigurationError when that is no delay
 */
export function backoffMs(attempt: number, options: BackoffOptions, random: number): number {
  const doubled = options.initialMs * 2 ** Math.min(attempt - 1, 30);
  return checkedDelayMs(Math.min(doubled, options.maxMs) * (1 - options.jitter * random));
}
