import type { PoolSettings } from '../driver/pool-settings.js';
import { PoolTimeoutError } from '../errors/pool-timeout.error.js';
import { ServerUnreachableError } from '../errors/server-unreachable.error.js';

/** What a caller found who waited for a connection in vain. */
export interface UnservedWait {
  readonly timeoutMs: number;
  /** Connections with others. */
  readonly inUse: number;
  /** SQLSTATE with which the server opens no further one. */
  readonly refusal: string | undefined;
}

/** For a caller that waited as long as the pool's user allows. */
export function poolTimedOut({ target, max }: PoolSettings, { timeoutMs, inUse, refusal }: UnservedWait): PoolTimeoutError {
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
export function serverUnreachable({ product, target }: PoolSettings, reason: string, budgetMs: number): ServerUnreachableError {
  return new ServerUnreachableError(`${product} at ${target} cannot be reached (${reason}); it has been tried for ${budgetMs} ms.`, {
    reason,
    remedy: 'It is tried again about once a second.',
  });
}
