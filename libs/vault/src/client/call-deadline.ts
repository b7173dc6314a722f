import type { VaultRequest } from './vault-request.js';

/**
 * When the call must have ended, on the monotonic clock. The first step on its way that asks fixes it; hops of a redirect,
 * repetitions and waits for a log-in share what is left.
 */
export function callDeadlineMs(request: VaultRequest, nowMs: number, defaultTimeoutMs: number): number {
  return request.deadlineMs ?? nowMs + (request.timeoutMs ?? defaultTimeoutMs);
}
