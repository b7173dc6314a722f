import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';

/**
 * A time in milliseconds as it was given: a finite number above 0.
 * @throws VaultConfigurationError that names it
 */
export function checkedMs(ms: unknown, name: string): number {
  if (typeof ms === 'number' && Number.isFinite(ms) && ms > 0) return ms;
  throw notANumber(ms, name, 'Give a number of milliseconds above 0, such as 3_000.');
}

/**
 * How long a timer waits, as it was given: a number of milliseconds, 0 or more. Given anything else Node's would fire at once, and what it
 * repeats would go round without a pause.
 * @throws VaultConfigurationError for `NaN`, `Infinity`, a negative number, or what is no number
 */
export function checkedDelayMs(delayMs: number): number {
  if (Number.isFinite(delayMs) && delayMs >= 0) return delayMs;
  throw notANumber(delayMs, 'delayMs', 'A timer needs a number of milliseconds, 0 or more; an option or an answer may be no number.');
}

/** Shows numbers only: another value could be a secret in the wrong place. */
export function notANumber(value: unknown, name: string, remedy: string): VaultConfigurationError {
  const shown = typeof value === 'number' ? String(value) : `of the type ${value === null ? 'null' : typeof value}`;
  return new VaultConfigurationError(`\`${name}\` is ${shown}, which cannot be used.`, { setting: name, sent: false, remedy });
}
