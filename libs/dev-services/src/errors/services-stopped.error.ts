import { DevServicesError } from './dev-services.error.js';

/** Something was asked of services that were stopped, or whose supervisor died. */
export class ServicesStoppedError extends DevServicesError {
  readonly code = 'DEV_SERVICES_STOPPED';

  constructor(asked: string) {
    super(`Cannot ${asked}: these services were stopped. Start new ones with DevServices.start().`);
  }
}
