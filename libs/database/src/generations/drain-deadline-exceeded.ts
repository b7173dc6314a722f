import { DrainDeadlineExceededError } from '../errors/drain-deadline-exceeded.error.js';
import type { DrainLimit } from '../lifetime/drain-deadline.js';

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
