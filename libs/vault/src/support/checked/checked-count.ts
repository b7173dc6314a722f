import { notANumber } from './checked-ms.js';

/**
 * A whole number, 0 or more, as it was given. Vault takes a negative one for none: asked for version -1 it gives the latest.
 * @throws VaultConfigurationError that names it
 */
export function checkedCount(value: number, name: string): number {
  if (/^\d+$/.test(String(value))) return value;
  throw notANumber(value, name, 'Give a whole number, 0 or more.');
}
