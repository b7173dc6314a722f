import { DevServicesError } from './dev-services.error.js';

/** A server or proxy could not listen because another program holds the port. */
export class PortInUseError extends DevServicesError {
  readonly code = 'DEV_SERVICES_PORT_IN_USE';

  constructor(
    readonly server: string,
    readonly port: number,
    options?: ErrorOptions,
  ) {
    super(
      `${server} cannot listen on 127.0.0.1:${port}: another program holds that port. Stop it, or leave the port out to get a free one.`,
      options,
    );
  }
}
