/** What every error of this library is; `code` names the failure and stays stable, the message says what to do next. */
export abstract class DevServicesError extends Error {
  abstract readonly code: `DEV_SERVICES_${string}`;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
