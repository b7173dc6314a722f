import { PortInUseError } from '../errors/port-in-use.error.js';
import { freePort } from './free-port.js';

const ATTEMPTS = 10;

/** Which port a server gets: a given one, or a free one that is looked up again when another program took it in the meantime. */
export interface PortChoice {
  readonly port?: number;
  /** How many ports after it have to be free as well. */
  readonly neighbours?: number;
}

/**
 * Runs `start` with the given port, or with free ports until it does not lose the race for one.
 * @throws PortInUseError when the given port, or ten free ones in a row, were taken by others.
 */
export async function startOnFreePort<T>(choice: PortChoice, start: (port: number) => Promise<T>): Promise<T> {
  if (choice.port !== undefined) return start(choice.port);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort(choice.neighbours));
    } catch (error) {
      if (!(error instanceof PortInUseError) || attempt === ATTEMPTS) throw error;
    }
  }
}
