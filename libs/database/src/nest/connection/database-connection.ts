import type { ScheduledJobsClock } from '@keyturn/vault';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { CredentialDefinition, VaultAccess } from '../../credentials/credential-definition.js';
import type { CredentialSource } from '../../credentials/credential-source.js';
import type { PostgresModule } from '../../driver/postgres/postgres-client.js';
import { PostgresAdapter } from '../../driver/postgres/postgres.adapter.js';
import { DatabaseConfigurationError } from '../../errors/database-configuration.error.js';
import { isDatabaseError } from '../../errors/is-database-error.js';
import { RotationController } from '../../rotation/rotation-controller.js';
import { withRotatingDriver } from '../../typeorm/with-rotating-driver.js';
import { checkModuleOptions } from '../options/check-module-options.js';
import type { DatabaseModuleOptions } from '../database-module.options.js';
import { logListenerErrors, logRotationEvents } from '../rotation-event-logger.js';

export interface DatabaseConnectionOptions {
  readonly options: DatabaseModuleOptions;
  readonly vault: VaultAccess | undefined;
  readonly clock: ScheduledJobsClock;
  /** Name of the data source. */
  readonly name: string | undefined;
}

/**
 * The rotation of one data source, put together: the source of its credentials, the controller, and the options that TypeORM
 * gets.
 *
 * The folder `nest/connection/` decides the order of the start (log-in to Vault, then the pools) and of the shutdown (HTTP, pools, leases,
 * token), and that nothing starts where a test replaces the module or the data source. It does not decide how the pools start
 * (`typeorm/`), nor how long a shutdown may take (`rotation/shutdown/`).
 */
export class DatabaseConnection {
  readonly controller: RotationController;
  readonly clock: ScheduledJobsClock;
  readonly typeormOptions: TypeOrmModuleOptions;
  readonly #vault: VaultAccess | undefined;
  readonly #typeorm: DatabaseModuleOptions['typeorm'];
  #tries = 0;
  #toRetry: unknown;

  /** @throws DatabaseConfigurationError for options that are malformed or refused */
  constructor({ options, vault, clock, name }: DatabaseConnectionOptions) {
    checkModuleOptions(options, name);
    const { typeorm, credentials, rotation } = options;
    if (typeorm === undefined) throw missing('typeorm', 'the options of a PostgreSQL data source');
    if (credentials === undefined) throw missing('credentials', "dynamicRole('name') or staticRole('name')");
    const pgModule = (typeorm.driver as PostgresModule | undefined) ?? pg;
    const context = name === undefined ? 'Database' : `Database ${name}`;
    this.clock = clock;
    this.#typeorm = typeorm;
    this.#vault = 'connect' in credentials ? vault : undefined;
    this.controller = new RotationController({
      source: connectSource(credentials, vault, clock),
      adapter: new PostgresAdapter(pgModule),
      clock,
      onListenerError: logListenerErrors(context),
      ...(rotation === undefined ? {} : { rotation }),
    });
    this.typeormOptions = {
      ...withRotatingDriver(typeorm, this.controller),
      ...(name === undefined ? {} : { name }),
      // start() decides it, where the error is at hand.
      toRetry: (error: unknown) => error === this.#toRetry,
    };
    logRotationEvents(this.controller, context);
  }

  /**
   * The application begins to stop. Whatever it waits for (a hook of its own, the last HTTP request, TypeORM), the time of the shutdown holds:
   * then the pools are closed, the leases revoked, and Vault's token as well once no other data source on it is still stopping.
   */
  async beginShutdown(): Promise<void> {
    const vault = this.#vault;
    const stopping = stoppingOn(vault);
    stopping?.add(this);
    await this.controller.quiesce();
    await this.controller.overdue();
    await this.controller.stop();
    stopping?.delete(this);
    if (stopping?.size === 0) await vault?.onApplicationShutdown?.();
  }

  /**
   * Logs in to Vault, where the credentials come from there, because TypeORM connects before the hooks of the start are called; then connects
   * the data source, unless the application does that itself.
   * @throws why one of the two failed. Then no token is left either, unless @nestjs/typeorm tries again: Nest may end the process at once
   */
  async start(dataSource: DataSource): Promise<DataSource> {
    this.#tries += 1;
    // Outside the try: a log-in that fails has closed the connection to Vault, and another try would only report the closed connection.
    await this.#vault?.onModuleInit?.();
    if (this.#typeorm.manualInitialization === true) return dataSource;
    try {
      return await dataSource.initialize();
    } catch (error) {
      if (mayRetry(error, this.#tries, this.#typeorm)) this.#toRetry = error;
      else await this.#vault?.abandonStart?.();
      throw error;
    }
  }
}

/** A wrong setting does not become right by trying again; and the pool has tried for as long as it may unless more tries were asked for. */
function mayRetry(error: unknown, tries: number, typeorm: DatabaseModuleOptions['typeorm']): boolean {
  if (typeorm.retryAttempts === undefined || tries >= typeorm.retryAttempts || isDatabaseError(error, 'DATABASE_CONFIGURATION_INVALID'))
    return false;
  return typeorm.toRetry?.(error) ?? true;
}

function connectSource(
  credentials: CredentialDefinition | CredentialSource,
  vault: VaultAccess | undefined,
  clock: ScheduledJobsClock,
): CredentialSource {
  if (!('connect' in credentials)) return credentials;
  if (vault !== undefined) return credentials.connect({ vault, clock });
  throw new DatabaseConfigurationError(`The credentials ${credentials.name} come from Vault, but there is no connection to it.`, {
    setting: 'credentials',
    remedy:
      'Import VaultModule.forRoot() in the application; name its connection with the option `vault` if it has a name. One with `isGlobal: false` is not seen from here, even where it is imported: leave it global, or hand that same module to DatabaseModule.forRootAsync({ imports }).',
  });
}

function missing(setting: string, expected: string): DatabaseConfigurationError {
  return new DatabaseConfigurationError(`The option ${setting} of DatabaseModule is missing.`, { setting, remedy: `Give it ${expected}.` });
}

/** The data sources that are stopping, by the connection to Vault that they need for it. */
const stoppingSources = new WeakMap<VaultAccess, Set<DatabaseConnection>>();

function stoppingOn(vault: VaultAccess | undefined): Set<DatabaseConnection> | undefined {
  if (vault === undefined) return undefined;
  const known = stoppingSources.get(vault) ?? new Set<DatabaseConnection>();
  stoppingSources.set(vault, known);
  return known;
}
