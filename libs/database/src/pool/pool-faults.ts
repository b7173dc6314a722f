import type { PoolSettings } from '../driver/pool-settings.js';
import { DrainDeadlineExceededError } from '../errors/drain-deadline-exceeded.error.js';
import { PoolTimeoutError } from '../errors/pool-timeout.error.js';
import { ServerUnreachableError } from '../errors/server-unreachable.error.js';

import type { DrainLimit } from './drain-deadline.js';

/** What a caller found who waited for a connection in vain. */
export interface VainWait {
  readonly timeoutMs: number;
  /** Connections with others. */
  readonly inUse: number;
  /** SQLSTATE with which the server opens no further one. */
  readonly refusal: string | undefined;
}

/** For a caller that waited as long as the pool's user allows. */
export function poolTimedOut({ target, max }: PoolSettings, { timeoutMs, inUse, refusal }: VainWait): PoolTimeoutError {
  const refused = refusal === undefined ? '' : `, and the server opens no more (${refusal})`;
  return new PoolTimeoutError(`No connection to ${target} became free within ${timeoutMs} ms: ${inUse} of ${max} are in use${refused}.`, {
    ...(refusal === undefined ? {} : { reason: refusal }),
    remedy:
      refusal === undefined
        ? 'Raise typeorm.poolSize or typeorm.connectTimeoutMS, or look for query runners that are never released.'
        : 'Raise max_connections or the CONNECTION LIMIT of the role, or lower typeorm.poolSize.',
    setting: 'typeorm.poolSize',
  });
}

/** For callers who have waited as long as they should for a server that is away. */
export function serverUnreachable({ target }: PoolSettings, reason: string, budgetMs: number): ServerUnreachableError {
  return new ServerUnreachableError(`PostgreSQL at ${target} cannot be reached (${reason}); it has been tried for ${budgetMs} ms.`, {
    reason,
    remedy: 'It is tried again about once a second.',
  });
}

/**
 * For who still uses a connection when the time of its generation is over.
 * @param drainedMs since the generation was replaced, or the pool began to close
 */
export function drainDeadlineExceeded(limit: DrainLimit, drainedMs: number): DrainDeadlineExceededError {
  switch (limit) {
    case 'drain-time':
      return new DrainDeadlineExceededError(
        `The connection was closed: its credentials were replaced ${drainedMs} ms ago and it was still in use at the drain deadline.`,
        { remedy: 'Keep transactions shorter than rotation.drainMs, or raise it.', setting: 'rotation.drainMs' },
      );
    case 'credentials-end':
      return new DrainDeadlineExceededError(
        `The connection was closed: its credentials were replaced ${drainedMs} ms ago, it was still in use, and they end before the drain time is over.`,
        {
          remedy: 'Rotate earlier (rotation.atFraction), give the credentials a longer life in Vault, or keep transactions shorter.',
          setting: 'rotation.atFraction',
        },
      );
    case 'shutdown':
      return new DrainDeadlineExceededError(
        `The connection was closed: the application stops, and it was still in use ${drainedMs} ms after its pool began to close.`,
        {
          remedy: 'Release query runners and end transactions when the application stops, or raise rotation.shutdownMs.',
          setting: 'rotation.shutdownMs',
        },
      );
  }
}
