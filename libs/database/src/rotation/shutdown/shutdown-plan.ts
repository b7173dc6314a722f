import { DatabaseConfigurationError } from '../../errors/database-configuration.error.js';
import { describeValue } from '../../support/describe-value.js';

/** The one deadline of a shutdown and its parts, on the monotonic clock. */
export interface ShutdownPlan {
  /** Until then requests that still arrive are served. */
  readonly quietUntilMs: number;
  /** Until then connections in use are left to their users. */
  readonly poolsUntilMs: number;
  /** Until then leases are revoked. */
  readonly endMs: number;
}

const quietShare = 0.7;
const revokeShare = 0.1;
const longestRevokeMs = 1_000;
const leastRevokeMs = 500;

/** @throws DatabaseConfigurationError for a time-out that is no number of milliseconds */
export function requireTimeout(timeoutMs: unknown): number {
  if (typeof timeoutMs === 'number' && Number.isFinite(timeoutMs) && timeoutMs >= 0) return timeoutMs;
  throw new DatabaseConfigurationError(
    `timeoutMs of the shutdown must be a number of milliseconds, 0 or more, but is ${describeValue(timeoutMs)}.`,
    {
      setting: 'timeoutMs',
    },
  );
}

/** Divides the time of a shutdown: most of it for what is in flight, the rest for closing and revoking. */
export function planShutdown(startMs: number, shutdownMs: number): ShutdownPlan {
  const endMs = startMs + shutdownMs;
  return {
    quietUntilMs: startMs + shutdownMs * quietShare,
    poolsUntilMs: endMs - Math.min(longestRevokeMs, shutdownMs * revokeShare),
    endMs,
  };
}

/** Until when leases are revoked. They are given a moment even when the HTTP server of the application has used up all the time. */
export function revokeUntilMs({ endMs }: ShutdownPlan, nowMs: number): number {
  return Math.max(endMs, nowMs + leastRevokeMs);
}
