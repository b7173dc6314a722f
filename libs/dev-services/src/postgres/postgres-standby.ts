import { randomUUID } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { startOnFreePort } from '../process/start-on-free-port.js';
import type { SupervisedProcess } from '../process/supervised-process.js';
import type { Supervisor } from '../process/supervisor.js';
import { waitUntil } from '../process/wait-until.js';
import { launchPostgres } from './programs/launch-postgres.js';
import type { PostgresAccess } from './postgres-access.js';
import { ownAll, takeBaseBackup } from './postgres-base-backup.js';
import type { PostgresCluster } from './postgres-cluster.js';
import { queryPostgres } from './postgres-query.js';

const RELOAD_TIMEOUT_MS = 10_000;

/** The server that a standby follows, and what both have in common. */
export interface StandbyOptions {
  readonly primary: PostgresCluster;
  readonly superuser: PostgresAccess;
  /** A connected client of that superuser, for the base backup. */
  readonly client: Client;
  /** `-c name=value` arguments. */
  readonly settings: readonly string[];
  readonly applyDelayMs: number;
}

/** A read-only copy of a PostgreSQL server that follows it by streaming replication, a moment later. */
export class PostgresStandby {
  readonly #supervisor: Supervisor;
  readonly #cluster: PostgresCluster;
  readonly #options: StandbyOptions;
  #port = 0;
  #process: SupervisedProcess | undefined;

  private constructor(supervisor: Supervisor, cluster: PostgresCluster, options: StandbyOptions) {
    this.#supervisor = supervisor;
    this.#cluster = cluster;
    this.#options = options;
  }

  /** @internal Started by `PostgresServer.start()`. */
  static async start(supervisor: Supervisor, options: StandbyOptions): Promise<PostgresStandby> {
    const folder = join(supervisor.folder, `postgres-standby-${randomUUID()}`);
    const standby = new PostgresStandby(supervisor, await takeBaseBackup(options.primary, folder, options.client), options);
    await standby.#follow();
    await startOnFreePort({}, (port) => standby.#launch(port));
    return standby;
  }

  get host(): string {
    return this.#options.superuser.host;
  }

  get port(): number {
    return this.#port;
  }

  /** The superuser's log-in to the application's database on the standby. */
  get superuser(): PostgresAccess {
    return { ...this.#options.superuser, port: this.#port };
  }

  /** Runs one statement as the superuser and returns its rows. */
  query(sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    return queryPostgres(this.superuser, sql, values);
  }

  /** What is committed on the primary from now on shows here so much later (`recovery_min_apply_delay`). */
  async setApplyDelay(applyDelayMs: number): Promise<void> {
    await this.query(`ALTER SYSTEM SET recovery_min_apply_delay = ${Math.round(applyDelayMs)}`);
    await this.query('SELECT pg_reload_conf()');
    const isSet = async (): Promise<boolean> => {
      const rows = await this.query("SELECT 1 FROM pg_settings WHERE name = 'recovery_min_apply_delay' AND setting = $1", [
        String(Math.round(applyDelayMs)),
      ]);
      return rows.length > 0;
    };
    await waitUntil(isSet, RELOAD_TIMEOUT_MS);
  }

  /** SIGKILL of the main process. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** Ends the process if it runs and starts it on the same port and data. */
  async restart(): Promise<void> {
    await this.#process?.stop('SIGINT');
    await this.#launch(this.#port);
  }

  async #follow(): Promise<void> {
    const { dataFolder } = this.#cluster;
    const { host, port, user, password, caFile } = this.#options.superuser;
    const primary = `host=${host} port=${port} user=${user} password=${password} sslmode=${caFile === undefined ? 'disable' : 'require'}`;
    const settings = `primary_conninfo = '${primary}'\nrecovery_min_apply_delay = ${Math.round(this.#options.applyDelayMs)}\n`;
    await appendFile(join(dataFolder, 'postgresql.auto.conf'), settings);
    await writeFile(join(dataFolder, 'standby.signal'), '', { mode: 0o600 });
    await ownAll(this.#cluster);
  }

  async #launch(port: number): Promise<void> {
    const { settings, superuser } = this.#options;
    this.#process = await launchPostgres(this.#supervisor, this.#cluster, { port, settings, secrets: [superuser.password] });
    this.#port = port;
  }
}
