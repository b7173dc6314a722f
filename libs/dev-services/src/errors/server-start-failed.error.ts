import { DevServicesError } from './dev-services.error.js';

/** What is known of a server that did not come up. */
export interface StartFailure {
  readonly server: string;
  readonly reason: string;
  readonly remedy: string;
  /** Last lines the server printed, secrets already redacted. */
  readonly lastOutput?: string;
}

/** A server program was found but the server did not get ready; the message ends with the last lines that it printed, redacted. */
export class ServerStartFailedError extends DevServicesError {
  readonly code = 'DEV_SERVICES_SERVER_START_FAILED';

  constructor({ server, reason, remedy, lastOutput }: StartFailure, options?: ErrorOptions) {
    const output = lastOutput ? `\nIts last output:\n${lastOutput.replaceAll(/^/gm, '  | ')}` : '\nIt printed nothing.';
    super(`${server} did not start: ${reason}. ${remedy}${output}`, options);
  }
}
