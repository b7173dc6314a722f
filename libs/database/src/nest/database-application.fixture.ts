import type { OpenBaoAccess, PostgresAccess } from '@keyturn/dev-services';
import { token, VaultModule, VaultService, type VaultModuleOptions } from '@keyturn/vault';
import { Test, type TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import type { RotationEvent } from '../lifetime/rotation-event.js';
import { DatabaseCredentials } from './database-credentials.js';
import type { DatabaseModuleOptions } from './database-module.options.js';
import { DatabaseModule } from './database.module.js';

export interface DatabaseApplicationOptions extends Omit<DatabaseModuleOptions, 'typeorm'> {
  readonly servers: { readonly openbao: OpenBaoAccess; readonly postgres: { readonly superuser: PostgresAccess } };
  readonly typeorm?: Partial<DatabaseModuleOptions['typeorm']>;
  /** Default: the root token. */
  readonly auth?: VaultModuleOptions['auth'];
}

/** An application with one data source on the servers of the specs, and with what a spec needs to look behind it. */
export class DatabaseApplication implements AsyncDisposable {
  readonly dataSource: DataSource;
  readonly credentials: DatabaseCredentials;
  readonly vault: VaultService;
  readonly events: RotationEvent[] = [];
  readonly #module: TestingModule;

  static async start({
    servers,
    typeorm,
    auth = token(servers.openbao.token),
    ...options
  }: DatabaseApplicationOptions): Promise<DatabaseApplication> {
    const { host, port, database } = servers.postgres.superuser;
    const module = await Test.createTestingModule({
      imports: [
        VaultModule.forRoot({ address: servers.openbao.address, auth }),
        DatabaseModule.forRoot({ ...options, typeorm: { type: 'postgres', host, port, database, poolSize: 4, ...typeorm } }),
      ],
    }).compile();
    return new DatabaseApplication(await module.init());
  }

  constructor(module: TestingModule) {
    this.#module = module;
    this.dataSource = module.get(DataSource);
    this.credentials = module.get(DatabaseCredentials);
    this.vault = module.get(VaultService);
    this.credentials.subscribe((event) => this.events.push(event));
  }

  /** Resolves when the credentials have been replaced `count` times since the start. */
  async rotations(count: number): Promise<void> {
    while (this.credentials.snapshot().rotations < count) {
      await new Promise<void>((resolve) => {
        const stop = this.credentials.subscribe(() => {
          stop();
          resolve();
        });
      });
    }
  }

  /** Queries with eight workers and without a pause until `until` resolves. @returns what failed, by SQLSTATE or code */
  async failuresUntil(until: Promise<unknown>, sql = 'SELECT current_user'): Promise<string[]> {
    const stopped = new AbortController();
    const codes: string[] = [];
    const failed = (error: unknown): void => {
      const { code, message } = error as { code?: string; message: string };
      codes.push(code ?? message);
    };
    const worker = async (): Promise<void> => {
      while (!stopped.signal.aborted) await this.dataSource.query(sql).catch(failed);
    };
    const workers = Array.from({ length: 8 }, worker);
    await until.finally(() => stopped.abort());
    await Promise.all(workers);
    return codes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#module.close();
  }
}
