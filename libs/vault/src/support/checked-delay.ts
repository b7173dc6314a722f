import { VaultConfigurationError } from '../errors/vault-configuration.error.js';

/**
 * `delayMs` as it was given, for a timer: milliseconds, 0 or more. A timer that were given anything else would fire at once, and what it
 * repeats would go round without a pause.
 * @throws VaultConfigurationError for `NaN`, `Infinity`, a negative number, or what is no number
 */
export function checkedDelayMs(delayMs: number): number {
  if (Number.isFinite(delayMs) && delayMs >= 0) return delayMs;
  throw new VaultConfigurationError(`A timer cannot wait ${String(delayMs)} ms.`, {
    setting: 'delayMs',
    remedy: 'Give a number of milliseconds, 0 or more; look for an option, or an answer, that is no number.',
  });
}
