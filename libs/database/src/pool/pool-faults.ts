import type { PoolSettings } from '../driver/pool-settings.js';
import { PoolTimeoutError } from '../errors/pool-timeout.error.js';
import { ServerUnreachableError } from '../errors/server-unreachable.error.js';

/** For a caller that waited `timeoutMs` for a connection while `inUse` were with others. */
export function poolTimedOut({ target, max }: PoolSettings, timeoutMs: number, inUse: number): PoolTimeoutError {
  return new PoolTimeoutError(`No connection to ${target} became free within ${timeoutMs} ms: ${inUse} of ${max} are in use.`, {
    remedy: 'Raise typeorm.poolSize or typeorm.connectTimeoutMS, or look for query runners that are never released.',
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
