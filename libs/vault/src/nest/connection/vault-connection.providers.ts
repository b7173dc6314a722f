import { Logger, type Provider } from '@nestjs/common';
import { VaultFoundation } from '../../assembly/vault-foundation.js';
import {
  createAuthInterceptor,
  createCacheInterceptor,
  createObserveInterceptor,
  createRetryInterceptor,
  createSession,
  withOwnCache,
} from '../../assembly/vault-interceptors.js';
import { VaultRuntime } from '../../assembly/vault-runtime.js';
import { AuthInterceptor } from '../../client/interceptors/auth.interceptor.js';
import { CacheInterceptor } from '../../client/interceptors/cache.interceptor.js';
import type { PlacedInterceptor } from '../../client/interceptors/interceptor-order.js';
import { ObserveInterceptor } from '../../client/interceptors/observe.interceptor.js';
import { RetryInterceptor } from '../../client/interceptors/retry.interceptor.js';
import { VaultSession } from '../../session/vault-session.js';
import { closeBeforeExit } from './close-before-exit.js';
import { ADDED_INTERCEPTORS } from '../interceptor.registration.js';
import { ScheduledJobsClock } from './scheduled-jobs.clock.js';
import { logVaultEvents } from '../logging/vault-event-logger.js';
import { MODULE_OPTIONS_TOKEN } from '../vault.module-definition.js';
import { VAULT_ENVIRONMENT, VAULT_RUNTIME, VAULT_SETTINGS } from './vault-private-tokens.js';
import { readVaultSettings, type VaultSettings } from './vault-settings.js';

/** The parts of one connection as providers: each can be injected, or replaced in a test with `overrideProvider`. */
export const vaultConnectionProviders: readonly Provider[] = [
  { provide: VAULT_SETTINGS, inject: [MODULE_OPTIONS_TOKEN, VAULT_ENVIRONMENT], useFactory: readVaultSettings },
  { provide: VaultFoundation, inject: [VAULT_SETTINGS, ScheduledJobsClock], useFactory: createFoundation },
  { provide: CacheInterceptor, inject: [VaultFoundation], useFactory: createCacheInterceptor },
  { provide: RetryInterceptor, inject: [VaultFoundation], useFactory: createRetryInterceptor },
  { provide: ObserveInterceptor, inject: [VaultFoundation], useFactory: createObserveInterceptor },
  {
    provide: VaultSession,
    inject: [VaultFoundation, CacheInterceptor, RetryInterceptor, ObserveInterceptor, ADDED_INTERCEPTORS],
    useFactory: (...[foundation, cache, retry, observe, added]: Parts) => createSession(foundation, { cache, retry, observe, added }),
  },
  { provide: AuthInterceptor, inject: [VaultFoundation, VaultSession], useFactory: createAuthInterceptor },
  {
    provide: VAULT_RUNTIME,
    inject: [VaultFoundation, CacheInterceptor, RetryInterceptor, ObserveInterceptor, ADDED_INTERCEPTORS, VaultSession, AuthInterceptor],
    useFactory: (...[foundation, cache, retry, observe, added, session, auth]: AllParts) =>
      closedInTheEnd(new VaultRuntime({ foundation, session, auth, ...withOwnCache(foundation, { cache, retry, observe, added }) })),
  },
];

type Parts = [VaultFoundation, CacheInterceptor, RetryInterceptor, ObserveInterceptor, readonly PlacedInterceptor[]];
type AllParts = [...Parts, VaultSession, AuthInterceptor];

function createFoundation({ options }: VaultSettings, clock: ScheduledJobsClock): VaultFoundation {
  const logger = new Logger('Vault');
  const foundation = new VaultFoundation(options, {
    clock,
    onListenerError: () => logger.error('A listener of a Vault event threw an error.'),
  });
  logVaultEvents(foundation.events, clock);
  return foundation;
}

/** A connection that never logs in, as when its service is replaced in a test, leaves nothing behind. */
function closedInTheEnd(runtime: VaultRuntime): VaultRuntime {
  const stop = runtime.events.session.subscribe(({ type }) => {
    if (type !== 'loggedIn') return;
    stop();
    closeBeforeExit(runtime);
  });
  return runtime;
}
