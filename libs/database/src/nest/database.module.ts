import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { getVaultToken, ModuleReplacement, ScheduledJobsClock, type VaultService } from '@keyturn/vault';
import { withCheckedOptions } from './options/async-options.js';
import { DataSourceModule } from './connection/data-source.module.js';
import { DatabaseConnection } from './connection/database-connection.js';
import { DatabaseConnectionModule } from './connection/database-connection.module.js';
import { DatabaseCredentials } from './database-credentials.js';
import type { DatabaseModuleExtras, DatabaseModuleOptions } from './database-module.options.js';
import { DATABASE_MODULE_IN_PLACE, DatabaseReplacementModule } from './connection/database-replacement.module.js';
import { DataSourceStart, nothingToConnect, startDataSource } from './connection/data-source-start.js';
import { getDatabaseCredentialsToken, getDatabaseHealthIndicatorToken } from './database-tokens.js';
import { DatabaseHealthIndicator } from './database.health-indicator.js';
import { MODULE_OPTIONS_TOKEN } from './database.module-definition.js';

type AsyncOptions = Parameters<typeof DatabaseConnectionModule.forRootAsync>[0] & DatabaseModuleExtras;

// The folder `nest/` decides how an application declares a data source and injects what is public of it, what is logged, and what health
// says. It does not decide in which order things start and stop (`nest/connection/`), nor which options are refused (`nest/options/`), and
// nothing of the rotation itself: everything below works without Nest.

/**
 * A TypeORM data source on credentials that Vault issues, renews, replaces and revokes. It stands where `TypeOrmModule.forRoot()`
 * stood; `TypeOrmModule.forFeature()`, `@InjectRepository()` and `@InjectDataSource()` are used as before.
 *
 * In tests `overrideModule(DatabaseModule)` replaces it, and `overrideProvider(getDataSourceToken())` the data source alone: then nothing is
 * connected, and no credentials are issued.
 */
@Module({ providers: [{ provide: DATABASE_MODULE_IN_PLACE, useValue: true }], exports: [DATABASE_MODULE_IN_PLACE] })
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
    imports: [...(module.imports ?? []), DatabaseReplacementModule.instead(DatabaseModule)],
    providers: [...(module.providers ?? []), ...connectionProviders(name, vault)],
    exports: [DataSourceStart, DatabaseConnection, DatabaseReplacementModule],
  };
  const typeorm = TypeOrmModule.forRootAsync({
    ...(name === undefined ? {} : { name }),
    imports: [connection],
    inject: [DataSourceStart],
    useFactory: (start: DataSourceStart) => start.options,
    dataSourceFactory: startDataSource,
  });
  return {
    module: DataSourceModule,
    global: isGlobal,
    imports: [connection, typeorm],
    providers: publicProviders(name),
    exports: [getDatabaseCredentialsToken(name), getDatabaseHealthIndicatorToken(name), TypeOrmModule],
  };
}

function connectionProviders(name: string | undefined, vault: string | undefined): Provider[] {
  const prefix = name === undefined || name === 'default' ? '' : `${name}:`;
  return [
    { provide: ScheduledJobsClock, useFactory: () => new ScheduledJobsClock(prefix) },
    {
      provide: DatabaseConnection,
      inject: [ModuleReplacement, MODULE_OPTIONS_TOKEN, ScheduledJobsClock, { token: getVaultToken(vault), optional: true }],
      useFactory: (...[{ isReplaced }, options, clock, service]: ConnectionParts) =>
        new DatabaseConnection({ ...(isReplaced ? nothingToConnect : { options, vault: service }), clock, name }),
    },
    {
      provide: DataSourceStart,
      inject: [DatabaseConnection, ModuleReplacement],
      useFactory: (connection: DatabaseConnection, replacement: ModuleReplacement) =>
        new DataSourceStart({ connection, replacement, name }),
    },
  ];
}

type ConnectionParts = [ModuleReplacement, DatabaseModuleOptions, ScheduledJobsClock, VaultService | undefined];

function publicProviders(name: string | undefined): Provider[] {
  const [credentials, health] = [getDatabaseCredentialsToken(name), getDatabaseHealthIndicatorToken(name)];
  return [
    {
      provide: credentials,
      inject: [DatabaseConnection, ModuleReplacement],
      useFactory: async ({ controller }: DatabaseConnection, replacement: ModuleReplacement) =>
        (await replacement.provided(credentials)) ?? new DatabaseCredentials(controller),
    },
    {
      provide: health,
      inject: [credentials, ModuleReplacement],
      useFactory: async (shown: DatabaseCredentials, replacement: ModuleReplacement) =>
        (await replacement.provided(health)) ?? new DatabaseHealthIndicator(shown),
    },
  ];
}
