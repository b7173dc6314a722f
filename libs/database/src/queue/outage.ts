import { backoffMs } from '@keyturn/vault/time';

/** A run of failed tries to open a connection. */
export interface Outage {
  readonly sinceMs: number;
  readonly tries: number;
  readonly reason: string;
}

const pacing = { initialMs: 50, maxMs: 1_000, jitter: 0.25 } as const;

/** The outage after one more failed try. */
export function outageAfterFailure(outage: Outage | undefined, nowMs: number, reason: string): Outage {
  return { sinceMs: outage?.sinceMs ?? nowMs, tries: (outage?.tries ?? 0) + 1, reason };
}

/** Pause before the next try: soon at first, as a restart of the server takes about a second; then once a second. */
export function outagePauseMs(outage: Outage, random: number): number {
  return backoffMs(outage.tries, pacing, random);
}

/** Whether callers should be told instead of waiting on. */
export function outageExceeds(outage: Outage, nowMs: number, budgetMs: number): boolean {
  return nowMs - outage.sinceMs >= budgetMs;
}
