import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import { parseDurationMs } from '../../support/time/duration.js';
import { checkedMs, notANumber } from '../../support/checked/checked-ms.js';
import { checkedSignal } from '../../support/checked/checked-signal.js';
import type { VaultHandler } from './vault-handler.js';
import type { VaultRequest } from '../request/vault-request.js';

/**
 * Passes on calls whose numbers are numbers, and whose signal is one. Plain JavaScript and untyped configuration bring anything: `NaN` as a
 * time-out would be none, and `'3000'` would be joined to the time of day as text.
 *
 * Decides: whether a call can be made at all. Does not decide: paths (`vaultPath()`) and headers (`checkedHeaders()`).
 * @returns a handler that rejects with a VaultConfigurationError which names the argument; nothing is sent then
 */
export function checkCalls(handler: VaultHandler): VaultHandler {
  return (request) => {
    try {
      checkCall(request);
    } catch (error) {
      return Promise.reject(error);
    }
    return handler(request);
  };
}

function checkCall({ signal, timeoutMs, cacheTtlMs, wrapTtl, query }: VaultRequest): void {
  checkedSignal(signal);
  if (timeoutMs !== undefined) checkedMs(timeoutMs, 'timeoutMs');
  if (cacheTtlMs !== undefined && cacheTtlMs !== 0) checkedMs(cacheTtlMs, 'cacheTtlMs');
  if (wrapTtl !== undefined && (typeof wrapTtl !== 'string' || !isDuration(wrapTtl))) throw notADuration();
  if (query === undefined) return;
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'number' && !Number.isFinite(value)) throw notANumber(value, name, 'Give a finite number, or leave it out.');
  }
}

function isDuration(text: string): boolean {
  return (parseDurationMs(text) ?? 0) > 0;
}

function notADuration(): VaultConfigurationError {
  return new VaultConfigurationError('`wrapTtl` is no duration.', {
    setting: 'wrapTtl',
    sent: false,
    remedy: 'Give text such as `60s` or `1h30m`.',
  });
}
