import 'reflect-metadata';
import { DatabaseCredentials, DatabaseModule, dynamicRole, staticRole, type RotationOptions } from '@keyturn/database';
import type { DevServices } from '@keyturn/dev-services';
import { appRole, VaultModule } from '@keyturn/vault';
import { Module, type DynamicModule, type INestApplicationContext, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';

@Module({})
class BenchModule {}

const sources = { dynamic: dynamicRole('bench'), static: staticRole('bench-static'), short: dynamicRole('bench-short') } as const;

/** What an application is given to log in with. */
export type BenchAppRole = Awaited<ReturnType<DevServices['openbao']['approle']>>;

/** A dynamic role, a static one, or a dynamic one whose credentials last for two seconds. */
export type BenchRole = keyof typeof sources;

export interface BenchApplicationOptions {
  readonly role: BenchRole;
  readonly poolSize: number;
  readonly rotation?: RotationOptions;
  readonly logger?: LoggerService | false;
  /** Instead of the address of the services: a proxy. */
  readonly vaultAddress?: string;
  readonly connectTimeoutMS?: number;
  /** Undefined: a secret id of its own is asked for. */
  readonly appRole?: BenchAppRole;
}

/** An application as a user writes it: VaultModule, DatabaseModule, TypeORM. */
export interface BenchApplication {
  readonly context: INestApplicationContext;
  readonly dataSource: DataSource;
  readonly credentials: DatabaseCredentials;
}

/** Starts the application against the services, without HTTP. */
export async function startBenchApplication(services: DevServices, options: BenchApplicationOptions): Promise<BenchApplication> {
  const { openbao, postgres } = services;
  const vault = VaultModule.forRoot({
    address: options.vaultAddress ?? openbao.address,
    auth: appRole(options.appRole ?? (await openbao.approle('bench'))),
    http: { timeoutMs: 5_000 },
  });
  const database = DatabaseModule.forRoot({
    typeorm: {
      type: 'postgres',
      host: postgres.host,
      port: postgres.port,
      database: postgres.database,
      poolSize: options.poolSize,
      ...(options.connectTimeoutMS === undefined ? {} : { connectTimeoutMS: options.connectTimeoutMS }),
    },
    credentials: sources[options.role],
    ...(options.rotation === undefined ? {} : { rotation: options.rotation }),
  });
  const root: DynamicModule = { module: BenchModule, imports: [vault, database] };
  const context = await NestFactory.createApplicationContext(root, { logger: options.logger ?? false, abortOnError: false });
  return { context, dataSource: context.get(DataSource), credentials: context.get(DatabaseCredentials) };
}
