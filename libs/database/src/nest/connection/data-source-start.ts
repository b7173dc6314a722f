import type { ModuleReplacement } from '@keyturn/vault';
import { getDataSourceToken, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { CredentialsUnavailableError } from '../../errors/credentials-unavailable.error.js';
import { RotatingDataSource } from '../../typeorm/rotating-data-source.js';
import type { DatabaseConnection, DatabaseConnectionOptions } from './database-connection.js';

const START = Symbol('keyturn:data-source-start');

export interface DataSourceStartParts {
  readonly connection: DatabaseConnection;
  readonly replacement: ModuleReplacement;
  /** Name of the data source. */
  readonly name: string | undefined;
}

/**
 * Makes the data source when TypeOrmModule asks for it, and not before: where a test replaces the data source or the module, nobody logs in
 * to Vault, asks for credentials or connects.
 */
export class DataSourceStart {
  readonly #parts: DataSourceStartParts;

  constructor(parts: DataSourceStartParts) {
    this.#parts = parts;
  }

  /** What TypeOrmModule gets; {@link startDataSource} finds this start in it. */
  get options(): TypeOrmModuleOptions {
    const { connection, replacement } = this.#parts;
    const options: TypeOrmModuleOptions = {
      ...connection.typeormOptions,
      ...(replacement.isReplaced ? { manualInitialization: true } : {}),
    };
    return Object.assign(options, { [START]: this });
  }

  /** @throws why the log-in to Vault or the connection failed */
  async create(options: DataSourceOptions): Promise<DataSource> {
    const { connection, replacement, name } = this.#parts;
    const replacing = await replacement.provided<DataSource>(getDataSourceToken(name));
    if (replacing !== undefined) return replacing;
    const dataSource = new RotatingDataSource(options);
    return replacement.isReplaced ? dataSource : connection.start(dataSource);
  }
}

/** The `dataSourceFactory` of TypeOrmModule for options of a {@link DataSourceStart}. */
export function startDataSource(given: DataSourceOptions | undefined): Promise<DataSource> {
  const { [START]: start, ...options } = given as DataSourceOptions & { readonly [START]: DataSourceStart };
  return start.create(options);
}

/** In the place of the settings where a test replaces the module: they may be missing, and are not used. */
export const nothingToConnect: Pick<DatabaseConnectionOptions, 'options' | 'vault'> = {
  options: {
    typeorm: { type: 'postgres' },
    credentials: {
      name: 'replaced in a test',
      mints: false,
      issue: () => Promise.reject(new CredentialsUnavailableError('DatabaseModule is replaced, and there are no credentials.')),
    },
  },
  vault: undefined,
};
