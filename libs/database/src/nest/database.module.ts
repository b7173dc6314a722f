import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { getVaultToken, ScheduledJobsClock, type VaultService } from '@keyturn/vault';
import { RotatingDataSource } from '../typeorm/rotating-data-source.js';
import { withCheckedOptions } from './async-options.js';
import { DatabaseConnection } from './database-connection.js';
import { DatabaseConnectionModule } from './database-connection.module.js';
import { DatabaseCredentials } from './database-credentials.js';
import type { DatabaseModuleExtras, DatabaseModuleOptions } from './database-module.options.js';
import { getDatabaseCredentialsToken, getDatabaseHealthIndicatorToken } from './database-tokens.js';
import { DatabaseHealthIndicator } from './database.health-indicator.js';
import { MODULE_OPTIONS_TOKEN } from './database.module-definition.js';

type AsyncOptions = Parameters<typeof DatabaseConnectionModule.forRootAsync>[0] & DatabaseModuleExtras;

/**
 * A TypeORM data source on credentials that Vault issues, renews, replaces and revokes. It stands where `TypeOrmModule.forRoot()`
 * stood; `TypeOrmModule.forFeature()`, `@InjectRepository()` and `@InjectDataSource()` are used as before.
 */
@Module({})
export class DatabaseModule {
  /** With options as given. */
  static forRoot(options: DatabaseModuleOptions & DatabaseModuleExtras): DynamicModule {
    const { name, vault, isGlobal, ...moduleOptions } = options;
    return assemble(DatabaseConnectionModule.forRoot(moduleOptions), { name, vault, isGlobal });
  }

  /**
   * With options from a factory, or from a class or an existing provider that has the method `createDatabaseOptions()`. `name`, `vault` and
   * `isGlobal` are given here, not by the factory.
   */
  static forRootAsync(options: AsyncOptions): DynamicModule {
    const { name, vault, isGlobal, ...moduleOptions } = options;
    return assemble(withCheckedOptions(DatabaseConnectionModule.forRootAsync(moduleOptions), moduleOptions), { name, vault, isGlobal });
  }
}

function assemble(module: DynamicModule, { name, vault, isGlobal = true }: DatabaseModuleExtras): DynamicModule {
  const connection: DynamicModule = {
    ...module,
    providers: [...(module.providers ?? []), ...connectionProviders(name, vault)],
    exports: [DatabaseConnection],
  };
  const typeorm = TypeOrmModule.forRootAsync({
    ...(name === undefined ? {} : { name }),
    imports: [connection],
    inject: [DatabaseConnection],
    useFactory: async (database: DatabaseConnection) => {
      await database.loggedIn();
      return database.typeormOptions;
    },
    dataSourceFactory: (options) => Promise.resolve(new RotatingDataSource(options!)),
  });
  const providers = publicProviders(name);
  return {
    module: DatabaseModule,
    global: isGlobal,
    imports: [connection, typeorm],
    providers,
    exports: [getDatabaseCredentialsToken(name), getDatabaseHealthIndicatorToken(name), TypeOrmModule],
  };
}

function connectionProviders(name: string | undefined, vault: string | undefined): Provider[] {
  const prefix = name === undefined || name === 'default' ? '' : `${name}:`;
  return [
    { provide: ScheduledJobsClock, useFactory: () => new ScheduledJobsClock(prefix) },
    {
      provide: DatabaseConnection,
      inject: [MODULE_OPTIONS_TOKEN, ScheduledJobsClock, { token: getVaultToken(vault), optional: true }],
      useFactory: (options: DatabaseModuleOptions, clock: ScheduledJobsClock, service: VaultService | undefined) =>
        new DatabaseConnection({ options, clock, vault: service, name }),
    },
  ];
}

function publicProviders(name: string | undefined): Provider[] {
  return [
    {
      provide: getDatabaseCredentialsToken(name),
      inject: [DatabaseConnection],
      useFactory: ({ controller }: DatabaseConnection) => new DatabaseCredentials(controller),
    },
    {
      provide: getDatabaseHealthIndicatorToken(name),
      inject: [getDatabaseCredentialsToken(name)],
      useFactory: (credentials: DatabaseCredentials) => new DatabaseHealthIndicator(credentials),
    },
  ];
}
