import { ConsoleLogger } from '@nestjs/common';

/** Contexts whose line repeats, with a stack trace, what {@link reportStartFailure} says in full. */
const repeatedAtStart = new Set(['ExceptionHandler']);

/** Nest's logger, one JSON object a line with the facts at its root. */
export class LogLineLogger extends ConsoleLogger {
  constructor() {
    super({ json: true, flattenParams: true });
  }

  override error(message: unknown, ...rest: unknown[]): void {
    const context: unknown = rest.at(-1);
    if (typeof context === 'string' && repeatedAtStart.has(context)) return;
    super.error(message, ...rest);
  }
}
