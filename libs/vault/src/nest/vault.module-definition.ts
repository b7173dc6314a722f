import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { VaultOptions } from '../config/vault-options.js';
import type { InterceptorRegistration } from './interceptor.registration.js';

/** What a module takes: options left out of `address` and `auth` come from the environment. */
export type VaultModuleOptions = Partial<VaultOptions>;

export interface VaultModuleExtras {
  /** Name of the connection, for applications with several. Inject it with `@InjectVault(name)`. */
  readonly name?: string | undefined;
  /** Whether other modules see the connection without importing this one. Default: true. */
  readonly isGlobal?: boolean | undefined;
  /** Interceptors of the application, with their places. */
  readonly interceptors?: readonly InterceptorRegistration[] | undefined;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<VaultModuleOptions>({
  moduleName: 'KeyturnVault',
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createVaultOptions')
  .build();
