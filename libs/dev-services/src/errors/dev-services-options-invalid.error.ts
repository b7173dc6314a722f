import { DevServicesError } from './dev-services.error.js';

/** An option, or a combination of options, that cannot be started; names the option, what was expected and the remedy. */
export class DevServicesOptionsInvalidError extends DevServicesError {
  readonly code = 'DEV_SERVICES_OPTIONS_INVALID';

  constructor(
    readonly option: string,
    expected: string,
    remedy: string,
  ) {
    super(`The option ${option} needs ${expected}. ${remedy}`);
  }
}
