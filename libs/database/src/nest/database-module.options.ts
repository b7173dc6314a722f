import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import type { CredentialDefinition } from '../credentials/credential-definition.js';
import type { CredentialSource } from '../credentials/credential-source.js';
import type { RotationOptions } from '../options/rotation-options.js';
import type { RotatingDataSourceOptions } from '../typeorm/rotating-data-source-options.js';

type NestOptions = Pick<
  TypeOrmModuleOptions,
  'retryAttempts' | 'retryDelay' | 'toRetry' | 'autoLoadEntities' | 'verboseRetryLog' | 'manualInitialization'
>;

/** One data source whose credentials come from Vault. */
export interface DatabaseModuleOptions {
  /**
   * What TypeOrmModule takes, without user, password and url. All other options keep their meaning. `retryAttempts` is 1 here by default:
   * the first connection is tried until `connectTimeoutMS` (10 s) anyway.
   */
  readonly typeorm: RotatingDataSourceOptions & NestOptions;
  /** `dynamicRole(name)`, `staticRole(name)`, or a source of your own. */
  readonly credentials: CredentialDefinition | CredentialSource;
  readonly rotation?: RotationOptions;
}

/** What is fixed when the module is declared. */
export interface DatabaseModuleExtras {
  /** Name of the data source, as in @nestjs/typeorm. */
  readonly name?: string | undefined;
  /** Name of the Vault connection that issues the credentials, for applications with several. */
  readonly vault?: string | undefined;
  /** Whether other modules see the credentials and the health indicator without importing this module. Default: true. */
  readonly isGlobal?: boolean | undefined;
}
