import { checkedMs } from '../../support/checked/checked-ms.js';
import type { VaultRequest } from './vault-request.js';

/**
 * When the call must have ended, on the monotonic clock. The first step on its way that asks fixes it; hops of a redirect,
 * repetitions and waits for a log-in share what is left.
 * @throws VaultConfigurationError for a time-out that is no number: what interceptors and auth methods of an application ask passes no other check
 */
export function callDeadlineMs(request: VaultRequest, nowMs: number, defaultTimeoutMs: number): number {
  const { deadlineMs, timeoutMs } = request;
  return deadlineMs ?? nowMs + (timeoutMs === undefined ? defaultTimeoutMs : checkedMs(timeoutMs, 'timeoutMs'));
}
