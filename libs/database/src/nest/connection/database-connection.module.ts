import {
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { DatabaseConnection } from './database-connection.js';
import { ConfigurableModuleClass } from '../database.module-definition.js';

/**
 * Owns the rotation of one data source. This module is not global on purpose: Nest runs the shutdown hooks of global modules last. So the
 * hooks here run before those of TypeOrmModule and VaultModule, while the pools and the token still live.
 */
@Module({})
export class DatabaseConnectionModule
  extends ConfigurableModuleClass
  implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly #moduleRef: ModuleRef;

  constructor(moduleRef: ModuleRef) {
    super();
    this.#moduleRef = moduleRef;
  }

  /** Lists the rotation as a timeout, when the application has @nestjs/schedule. */
  async onModuleInit(): Promise<void> {
    await this.#connection.clock.attachTo(this.#moduleRef);
  }

  /** The first hook that Nest calls at a shutdown. The time of the shutdown runs from here, whatever later hooks wait for. */
  onModuleDestroy(): void {
    void this.#connection.beginShutdown();
  }

  /** What runs may finish. The pools stay open, on credentials that work: HTTP requests still arrive until Nest closes the server. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#connection.controller.quiesce();
  }

  /** Nest has closed the HTTP server: now the pools close and the leases are revoked. VaultModule revokes the token after that. */
  async onApplicationShutdown(): Promise<void> {
    await this.#connection.controller.stop();
  }

  get #connection(): DatabaseConnection {
    return this.#moduleRef.get(DatabaseConnection);
  }
}
