import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { AuthInterceptor } from '../client/interceptors/auth.interceptor.js';
import { CacheInterceptor } from '../client/interceptors/cache.interceptor.js';
import { ObserveInterceptor } from '../client/interceptors/observe.interceptor.js';
import { RetryInterceptor } from '../client/interceptors/retry.interceptor.js';
import { LeaseHealthIndicator } from './health/lease.health-indicator.js';
import { VaultHealthIndicator } from './health/vault.health-indicator.js';
import { ScheduledJobsClock } from './connection/scheduled-jobs.clock.js';
import { vaultConnectionProviders } from './connection/vault-connection.providers.js';
import { interceptorProviders } from './interceptor.registration.js';
import { checkedAsync } from './options/options-factory.js';
import { VaultConnectionModule } from './connection/vault-connection.module.js';
import { VAULT_ENVIRONMENT, VAULT_MODULE_IN_PLACE } from './connection/vault-private-tokens.js';
import { VaultReplacementModule } from './replacement/vault-replacement.module.js';
import { vaultServiceProviders } from './connection/vault-service.providers.js';
import { getVaultToken } from './vault-tokens.js';
import { ConfigurableModuleClass, type VaultModuleExtras, type VaultModuleOptions } from './vault.module-definition.js';
import { VaultService } from './vault.service.js';

type SyncOptions = VaultModuleOptions & VaultModuleExtras;
type AsyncOptions = Parameters<typeof ConfigurableModuleClass.forRootAsync>[0] & VaultModuleExtras;

/**
 * A connection to Vault or OpenBao for the application. It logs in while the application starts: a wrong setting fails
 * the start with an error that names it.
 *
 * In tests `overrideProvider(VaultService)` and `overrideModule(VaultModule)` replace it: then nobody logs in, and no setting is needed.
 */
@Module({ providers: [{ provide: VAULT_MODULE_IN_PLACE, useValue: true }], exports: [VAULT_MODULE_IN_PLACE] })
export class VaultModule extends ConfigurableModuleClass {
  /** With options as given; each one that is left out comes from its environment variable, where it has one. */
  static override forRoot(options: SyncOptions = {}): DynamicModule {
    const { name, isGlobal, environment, interceptors, ...moduleOptions } = options;
    return assemble(super.forRoot(moduleOptions), { name, isGlobal, environment, interceptors });
  }

  /**
   * With options from a factory, or from a class or an existing provider that has the method `createVaultOptions()`. What is beside the options
   * (`name`, `isGlobal`, `environment`, `interceptors`) is given here, not by the factory.
   */
  static override forRootAsync(options: AsyncOptions): DynamicModule {
    const { name, isGlobal, environment, interceptors, ...moduleOptions } = options;
    return assemble(checkedAsync(super.forRootAsync(moduleOptions), moduleOptions), { name, isGlobal, environment, interceptors });
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
  const service = getVaultToken(name);
  const prefix = service === VaultService ? '' : `${name}:`;
  const providers: Provider[] = [
    { provide: ScheduledJobsClock, useFactory: () => new ScheduledJobsClock(prefix) },
    { provide: VAULT_ENVIRONMENT, useValue: environment === false ? {} : environment },
    ...interceptorProviders(interceptors),
    ...vaultConnectionProviders,
    ...vaultServiceProviders(service),
  ];
  return {
    ...module,
    module: VaultConnectionModule,
    global: isGlobal,
    imports: [...(module.imports ?? []), VaultModule, VaultReplacementModule.instead(VaultModule)],
    providers: [...(module.providers ?? []), ...providers],
    exports: [...(module.exports ?? []), service, ...(service === VaultService ? exportedByDefault : [])],
  };
}
