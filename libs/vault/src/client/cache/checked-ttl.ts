import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';

/**
 * The TTL as it was given: plain JavaScript may bring anything, and `NaN` or a text would keep an answer for ever or never.
 * @throws VaultConfigurationError if it is not a finite number of 0 or more
 */
export function checkedTtlMs(ttlMs: number): number {
  if (Number.isFinite(ttlMs) && ttlMs >= 0) return ttlMs;
  throw new VaultConfigurationError(`A TTL of the cache has to be a number of milliseconds, 0 or more, but is ${shown(ttlMs)}.`, {
    setting: 'cache.ttlMs',
    remedy: 'Give milliseconds, such as 300_000 for five minutes.',
  });
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : `of the type ${typeof value}`;
}
