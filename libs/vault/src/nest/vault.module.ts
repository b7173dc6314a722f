import { Module, type DynamicModule, type OnModuleInit, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { VaultRuntime } from '../assembly/vault-runtime.js';
import { AuthInterceptor } from '../client/interceptors/auth.interceptor.js';
import { CacheInterceptor } from '../client/interceptors/cache.interceptor.js';
import { ObserveInterceptor } from '../client/interceptors/observe.interceptor.js';
import { RetryInterceptor } from '../client/interceptors/retry.interceptor.js';
import { LeaseHealthIndicator } from './health/lease.health-indicator.js';
import { VaultHealthIndicator } from './health/vault.health-indicator.js';
import { ScheduledJobsClock } from './scheduled-jobs.clock.js';
import { vaultConnectionProviders } from './vault-connection.providers.js';
import { interceptorProviders } from './interceptor.registration.js';
import { VAULT_ENVIRONMENT, VAULT_RUNTIME } from './vault-private-tokens.js';
import { getVaultToken } from './vault-tokens.js';
import { ConfigurableModuleClass, type VaultModuleExtras, type VaultModuleOptions } from './vault.module-definition.js';
import { VaultService } from './vault.service.js';

type SyncOptions = VaultModuleOptions & VaultModuleExtras;
type AsyncOptions = Parameters<typeof ConfigurableModuleClass.forRootAsync>[0] & VaultModuleExtras;

/**
 * A connection to Vault or OpenBao for the application. It logs in while the application starts: a wrong setting fails
 * the start with an error that names it.
 */
@Module({})
export class VaultModule extends ConfigurableModuleClass implements OnModuleInit {
  readonly #moduleRef: ModuleRef;

  constructor(moduleRef: ModuleRef) {
    super();
    this.#moduleRef = moduleRef;
  }

  /** With options as given; each one that is left out comes from its environment variable, where it has one. */
  static override forRoot(options: SyncOptions = {}): DynamicModule {
    const { name, isGlobal, environment, interceptors, ...moduleOptions } = options;
    return assemble(super.forRoot(moduleOptions), { name, isGlobal, environment, interceptors });
  }

  /** With options from a factory, a class or an existing provider. */
  static override forRootAsync(options: AsyncOptions): DynamicModule {
    const { name, isGlobal, environment, interceptors, ...moduleOptions } = options;
    return assemble(super.forRootAsync(moduleOptions), { name, isGlobal, environment, interceptors });
  }

  /** Lists the timers of the session and the leases as timeouts, when the application has @nestjs/schedule. */
  async onModuleInit(): Promise<void> {
    await this.#moduleRef.get(ScheduledJobsClock).attachTo(this.#moduleRef);
  }
}

const exportedByDefault = [
  VaultHealthIndicator,
  LeaseHealthIndicator,
  CacheInterceptor,
  RetryInterceptor,
  AuthInterceptor,
  ObserveInterceptor,
];

function assemble(module: DynamicModule, extras: VaultModuleExtras): DynamicModule {
  const { name, isGlobal = true, environment = process.env, interceptors = [] } = extras;
  const prefix = name === undefined || name === 'default' ? '' : `${name}:`;
  const providers: Provider[] = [
    { provide: ScheduledJobsClock, useFactory: () => new ScheduledJobsClock(prefix) },
    { provide: VAULT_ENVIRONMENT, useValue: environment === false ? {} : environment },
    ...interceptorProviders(interceptors),
    ...vaultConnectionProviders,
    { provide: getVaultToken(name), inject: [VAULT_RUNTIME], useFactory: (runtime: VaultRuntime) => new VaultService(runtime) },
    { provide: VaultHealthIndicator, inject: [getVaultToken(name)], useFactory: (vault: VaultService) => new VaultHealthIndicator(vault) },
    { provide: LeaseHealthIndicator, inject: [getVaultToken(name)], useFactory: (vault: VaultService) => new LeaseHealthIndicator(vault) },
  ];
  const exported = prefix === '' ? [getVaultToken(name), ...exportedByDefault] : [getVaultToken(name)];
  return {
    ...module,
    global: isGlobal,
    providers: [...(module.providers ?? []), ...providers],
    exports: [...(module.exports ?? []), ...exported],
  };
}
