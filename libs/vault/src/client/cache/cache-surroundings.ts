import type { Clock } from '../../support/time/clock.js';

/** What the cache asks of the connection that it belongs to. */
export interface CacheSurroundings {
  readonly clock: Clock;
  /** Namespace of requests that name none. */
  readonly namespace?: string | undefined;
  /** Whom Vault takes us for: answers to another identity are never served. */
  readonly identity?: () => string;
  /** Deadline of a call that names none, in milliseconds. Default: none here, the transport's own. */
  readonly timeoutMs?: number | undefined;
}
