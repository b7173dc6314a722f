import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger, type Provider } from '@nestjs/common';
import { VaultFoundation } from '../assembly/vault-foundation.js';
import {
  createAuthInterceptor,
  createCacheInterceptor,
  createObserveInterceptor,
  createRetryInterceptor,
  createSession,
} from '../assembly/vault-interceptors.js';
import { VaultRuntime } from '../assembly/vault-runtime.js';
import { AuthInterceptor } from '../client/interceptors/auth.interceptor.js';
import { CacheInterceptor } from '../client/interceptors/cache.interceptor.js';
import type { PlacedInterceptor } from '../client/interceptors/interceptor-order.js';
import { ObserveInterceptor } from '../client/interceptors/observe.interceptor.js';
import { RetryInterceptor } from '../client/interceptors/retry.interceptor.js';
import { completedFromEnvironment, type CompletedOptions } from '../config/environment.js';
import { resolveVaultOptions } from '../config/resolve-options.js';
import type { Environment } from '../config/environment-variables.js';
import { VaultConfigurationError } from '../errors/vault-configuration.error.js';
import { VaultSession } from '../session/vault-session.js';
import { isJsonObject } from '../support/json-fields.js';
import { closeBeforeExit } from './close-before-exit.js';
import { ADDED_INTERCEPTORS } from './interceptor.registration.js';
import { ScheduledJobsClock } from './scheduled-jobs.clock.js';
import { logVaultEvents } from './vault-event-logger.js';
import { MODULE_OPTIONS_TOKEN, type VaultModuleOptions } from './vault.module-definition.js';
import { VAULT_ENVIRONMENT, VAULT_RUNTIME } from './vault-private-tokens.js';

/** The parts of one connection as providers: each can be injected, or replaced in a test with `overrideProvider`. */
export const vaultConnectionProviders: readonly Provider[] = [
  { provide: VaultFoundation, inject: [MODULE_OPTIONS_TOKEN, VAULT_ENVIRONMENT, ScheduledJobsClock], useFactory: createFoundation },
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
      loggedIn(new VaultRuntime({ foundation, cache, retry, observe, added, session, auth })),
  },
];

type Parts = [VaultFoundation, CacheInterceptor, RetryInterceptor, ObserveInterceptor, readonly PlacedInterceptor[]];
type AllParts = [...Parts, VaultSession, AuthInterceptor];

function createFoundation(given: VaultModuleOptions, environment: Environment, clock: ScheduledJobsClock): VaultFoundation {
  const logger = new Logger('Vault');
  const completed = withEnvironment(given, environment);
  const options = resolveVaultOptions(completed.options, completed.variables);
  if (options.tls.skipVerify === true)
    logger.warn('TLS verification is switched off: anyone on the network can read the secrets. Set VAULT_CACERT instead.');
  const foundation = new VaultFoundation(options, {
    clock,
    onListenerError: () => logger.error('A listener of a Vault event threw an error.'),
  });
  logVaultEvents(foundation.events, clock);
  return foundation;
}

async function loggedIn(runtime: VaultRuntime): Promise<VaultRuntime> {
  try {
    await runtime.session.current();
    // The connection of the log-in is free on the next turn: what is asked first then does without one of its own, and its TLS handshake.
    await nextTurn();
    closeBeforeExit(runtime);
    return runtime;
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

function withEnvironment(given: VaultModuleOptions, environment: Environment): CompletedOptions {
  if (isJsonObject(given)) return completedFromEnvironment(given, environment);
  throw new VaultConfigurationError('VaultModule was given no options.', {
    setting: 'options',
    remedy: 'Return them from the factory of forRootAsync(); an empty object takes all of them from the environment.',
  });
}
