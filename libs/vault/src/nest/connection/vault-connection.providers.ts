import type { FactoryProvider } from '@nestjs/common';
import { AuthInterceptor } from '../../client/interceptors/auth.interceptor.js';
import { CacheInterceptor } from '../../client/interceptors/cache.interceptor.js';
import { ObserveInterceptor } from '../../client/interceptors/observe.interceptor.js';
import { RetryInterceptor } from '../../client/interceptors/retry.interceptor.js';
import { ADDED_INTERCEPTORS } from '../interceptor.registration.js';
import { MODULE_OPTIONS_TOKEN } from '../vault.module-definition.js';
import { ScheduledJobsClock } from './scheduled-jobs.clock.js';
import { VAULT_ENVIRONMENT, VAULT_FOUNDATION, VAULT_RUNTIME, VAULT_SESSION, VAULT_SETTINGS } from './vault-private-tokens.js';

const interceptors = [CacheInterceptor, RetryInterceptor, ObserveInterceptor, ADDED_INTERCEPTORS];

/** The parts of one connection as providers: each can be injected, or replaced in a test with `overrideProvider`. */
export const vaultConnectionProviders: readonly FactoryProvider[] = [
  { provide: VAULT_SETTINGS, inject: [MODULE_OPTIONS_TOKEN, VAULT_ENVIRONMENT], useFactory: partBy('readVaultSettings') },
  { provide: VAULT_FOUNDATION, inject: [VAULT_SETTINGS, ScheduledJobsClock], useFactory: partBy('createFoundation') },
  { provide: CacheInterceptor, inject: [VAULT_FOUNDATION], useFactory: partBy('createCacheInterceptor') },
  { provide: RetryInterceptor, inject: [VAULT_FOUNDATION], useFactory: partBy('createRetryInterceptor') },
  { provide: ObserveInterceptor, inject: [VAULT_FOUNDATION], useFactory: partBy('createObserveInterceptor') },
  { provide: VAULT_SESSION, inject: [VAULT_FOUNDATION, ...interceptors], useFactory: partBy('createConnectionSession') },
  { provide: AuthInterceptor, inject: [VAULT_FOUNDATION, VAULT_SESSION], useFactory: partBy('createAuthInterceptor') },
  {
    provide: VAULT_RUNTIME,
    inject: [VAULT_FOUNDATION, ...interceptors, VAULT_SESSION, AuthInterceptor],
    useFactory: partBy('createRuntime'),
  },
];

type Parts = typeof import('./vault-connection.parts.js');

/** Makes a part with the function of that name. It is loaded by the first part that an application asks for, and not by the import of the package. */
function partBy(name: keyof Parts): (...given: never[]) => Promise<unknown> {
  return async (...given) => {
    const { [name]: make } = await import('./vault-connection.parts.js');
    return (make as (...dependencies: never[]) => unknown)(...given);
  };
}
