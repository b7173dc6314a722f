import { DevServicesError } from './dev-services.error.js';

/** An administration request to OpenBao was answered with an error status; `errors` holds the server's own words. */
export class RequestFailedError extends DevServicesError {
  readonly code = 'DEV_SERVICES_REQUEST_FAILED';

  constructor(
    request: string,
    readonly status: number,
    readonly errors: readonly string[],
  ) {
    super(`${request} was answered ${status}: ${errors.join('; ') || 'no reason given'}. Check the path and the data sent.`);
  }
}
