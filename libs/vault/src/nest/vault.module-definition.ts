import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { Environment } from '../config/environment/environment-variables.js';
import type { VaultOptions } from '../config/vault-options.js';
import type { InterceptorRegistration } from './interceptor.registration.js';

/** What a module takes: each option that is left out comes from its environment variable, where it has one. */
export type VaultModuleOptions = Partial<VaultOptions>;

export interface VaultModuleExtras {
  /** Name of the connection, for applications with several. Inject it with `@InjectVault(name)`. */
  readonly name?: string | undefined;
  /** Whether other modules see the connection without importing this one. Default: true. */
  readonly isGlobal?: boolean | undefined;
  /** What the options that are left out are read from. Default: `process.env`; `false`: nothing is read, only what is given counts. */
  readonly environment?: Environment | false | undefined;
  /** Interceptors of the application, with their places. */
  readonly interceptors?: readonly InterceptorRegistration[] | undefined;
}

/** The method that a class of `forRootAsync({ useClass })` or `useExisting` has. */
export const optionsFactoryMethod = 'createVaultOptions';

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<VaultModuleOptions>({
  moduleName: 'KeyturnVault',
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName(optionsFactoryMethod)
  .build();
