import { Logger } from '@nestjs/common';
import { VaultFoundation } from '../../assembly/vault-foundation.js';
import { createRetryInterceptor as retryInterceptorOf, createSession, withOwnCache } from '../../assembly/vault-interceptors.js';
import { VaultRuntime } from '../../assembly/vault-runtime.js';
import type { AuthInterceptor } from '../../client/interceptors/auth.interceptor.js';
import type { CacheInterceptor } from '../../client/interceptors/cache.interceptor.js';
import type { PlacedInterceptor } from '../../client/interceptors/interceptor-order.js';
import type { ObserveInterceptor } from '../../client/interceptors/observe.interceptor.js';
import type { RetryInterceptor } from '../../client/interceptors/retry.interceptor.js';
import type { VaultSession } from '../../session/vault-session.js';
import { logVaultEvents } from '../logging/vault-event-logger.js';
import { closeBeforeExit } from './close-before-exit.js';
import type { ScheduledJobsClock } from './scheduled-jobs.clock.js';
import type { VaultSettings } from './vault-settings.js';

/**
 * Makes the parts of one connection. `vault-connection.providers.ts` loads this file when an application starts, because what stands
 * behind it (undici, node-vault, zod) takes longer to load than all the rest of the package.
 */
export { createAuthInterceptor, createCacheInterceptor, createObserveInterceptor } from '../../assembly/vault-interceptors.js';
export { readVaultSettings } from './vault-settings.js';

type Interceptors = [CacheInterceptor, RetryInterceptor, ObserveInterceptor, readonly PlacedInterceptor[]];

export function createFoundation({ options }: VaultSettings, clock: ScheduledJobsClock): VaultFoundation {
  const logger = new Logger('Vault');
  const foundation = new VaultFoundation(options, {
    clock,
    onListenerError: () => logger.error('A listener of a Vault event threw an error.'),
  });
  logVaultEvents(foundation.events, clock);
  return foundation;
}

/** Where cockatiel cannot be loaded the start fails, and not a repetition while Vault is away. */
export async function createRetryInterceptor(foundation: VaultFoundation): Promise<RetryInterceptor> {
  await import('cockatiel');
  return retryInterceptorOf(foundation);
}

export function createConnectionSession(...[foundation, cache, retry, observe, added]: [VaultFoundation, ...Interceptors]): VaultSession {
  return createSession(foundation, { cache, retry, observe, added });
}

/** A connection that never logs in, as when its service is replaced in a test, leaves nothing behind. */
export function createRuntime(
  ...[foundation, cache, retry, observe, added, session, auth]: [VaultFoundation, ...Interceptors, VaultSession, AuthInterceptor]
): VaultRuntime {
  const runtime = new VaultRuntime({ foundation, session, auth, ...withOwnCache(foundation, { cache, retry, observe, added }) });
  const stop = runtime.events.session.subscribe(({ type }) => {
    if (type !== 'loggedIn') return;
    stop();
    closeBeforeExit(runtime);
  });
  return runtime;
}
