import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';

/**
 * A signal as it was given. Untyped callers give its controller instead, and null for none; a global AbortSignal is another one in each
 * realm, so that its methods tell.
 * @throws VaultConfigurationError for what is no AbortSignal
 */
export function checkedSignal(signal: AbortSignal | null | undefined): AbortSignal | undefined {
  if (signal === undefined || signal === null) return undefined;
  if (typeof signal.aborted === 'boolean' && typeof signal.addEventListener === 'function') return signal;
  throw new VaultConfigurationError('`signal` is no AbortSignal.', {
    setting: 'signal',
    sent: false,
    remedy: 'Of an AbortController give the `signal`.',
  });
}
