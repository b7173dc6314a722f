/** Work of the process itself, on a busy machine, makes no timer as late as that. */
const standstillMs = 1_000;

/**
 * Whether what was due at `dueAtMs`, and is noticed at `nowMs`, is so late that the process must have stood still meanwhile.
 *
 * For the timers of waiting callers. What follows for credentials that ended meanwhile is in `rotation/recovery/`: `overdue-credentials.ts`
 * for a stopped process, `verify-at-wall-jumps.ts` for a suspended machine.
 */
export function stoodStill(dueAtMs: number, nowMs: number): boolean {
  return nowMs - dueAtMs > standstillMs;
}
