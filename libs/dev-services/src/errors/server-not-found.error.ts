import { DevServicesError } from './dev-services.error.js';

/** One place that was searched for a server and what was found there. */
export interface PlaceTried {
  readonly place: string;
  readonly outcome: string;
}

/** No server program was found anywhere: the message lists each place tried, in order, and what to install. */
export class ServerNotFoundError extends DevServicesError {
  readonly code = 'DEV_SERVICES_SERVER_NOT_FOUND';

  constructor(
    readonly server: string,
    readonly tried: readonly PlaceTried[],
    remedy: string,
  ) {
    const places = tried.map(({ place, outcome }, index) => `  ${index + 1}. ${place}: ${outcome}`).join('\n');
    super(`No ${server} was found. Tried, in this order:\n${places}\n${remedy}`);
  }
}
