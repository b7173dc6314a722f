import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeIdentifier } from 'pg';
import { DevServicesOptionsInvalidError } from '../errors/dev-services-options-invalid.error.js';
import type { FaultProxy } from '../faults/fault-proxy.js';
import { ControlledServer } from '../process/controlled-server.js';
import { startOnFreePort } from '../process/start-on-free-port.js';
import type { Supervisor } from '../process/supervisor.js';
import { CertificateAuthority, type IssuedCertificate } from '../tls/certificate-authority.js';
import { issueTlsFiles, type TlsFiles } from '../tls/issue-tls-files.js';
import { launchPostgres } from './programs/launch-postgres.js';
import type { PostgresAccess } from './postgres-access.js';
import { createPostgresCluster, own, type PostgresCluster } from './postgres-cluster.js';
import { queryPostgres, withPostgres } from './postgres-query.js';
import type { PostgresServerOptions } from './postgres-server.options.js';
import { serverSettings } from './postgres-settings.js';
import { PostgresStandby } from './postgres-standby.js';

const HOST = '127.0.0.1';

/**
 * A running PostgreSQL and everything one may do to it. Its settings, access rules and roles of operation are decided in this folder. The
 * roles of an application are the matter of the caller (`setup`) and of OpenBao.
 */
export class PostgresServer extends ControlledServer {
  readonly #supervisor: Supervisor;
  readonly #cluster: PostgresCluster;
  readonly #options: PostgresServerOptions;
  readonly #password: string;
  readonly #vaultPassword = randomUUID();
  #authority: CertificateAuthority | undefined;
  #tls: TlsFiles | undefined;
  #port = 0;
  #proxy: FaultProxy | undefined;
  #standby: PostgresStandby | undefined;

  private constructor(supervisor: Supervisor, cluster: PostgresCluster, settings: { options: PostgresServerOptions; password: string }) {
    super();
    this.#supervisor = supervisor;
    this.#cluster = cluster;
    this.#options = settings.options;
    this.#password = settings.password;
  }

  static async start(supervisor: Supervisor, options: PostgresServerOptions = {}): Promise<PostgresServer> {
    const password = randomUUID();
    const server = new PostgresServer(supervisor, await createPostgresCluster(supervisor, password), { options, password });
    if (options.tls) await server.#prepareTls();
    if (options.tls || options.authentication) await server.#writeAccessRules();
    await startOnFreePort(options.port === undefined ? {} : { port: options.port }, (port) => server.#launch(port));
    await server.#setUp();
    if (options.standby) await server.#startStandby(options.standby === true ? {} : options.standby);
    return server;
  }

  get host(): string {
    return HOST;
  }

  /** For applications: the fault proxy's when there is one. */
  get port(): number {
    return this.#proxy?.port ?? this.#port;
  }

  /** @internal Sends applications through a proxy from now on; the superuser's queries and OpenBao stay direct. */
  setProxy(proxy: FaultProxy): void {
    this.#proxy = proxy;
  }

  /** The application's database. */
  get database(): string {
    return this.#options.database ?? 'app';
  }

  get caFile(): string | undefined {
    return this.#tls?.caFile;
  }

  /** The superuser's log-in to the application's database, straight to the server. */
  get superuser(): PostgresAccess {
    return this.#access('postgres', this.#password);
  }

  /**
   * The copy that follows this server.
   * @throws DevServicesOptionsInvalidError unless it was asked for
   */
  get standby(): PostgresStandby {
    if (!this.#standby)
      throw new DevServicesOptionsInvalidError('postgres.standby', 'to be on for a standby', 'Start with `postgres: { standby: true }`.');
    return this.#standby;
  }

  /** The log-in of the role that OpenBao manages other roles with; not the superuser of humans. */
  get vaultAccess(): PostgresAccess {
    return this.#access('keyturn_vault', this.#vaultPassword);
  }

  /** Runs one statement as the superuser and returns its rows. */
  query(sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    return queryPostgres(this.superuser, sql, values);
  }

  /** A client certificate whose common name is a role's name; only with TLS. */
  async clientCertificate(role: string): Promise<IssuedCertificate> {
    if (!this.#authority)
      throw new DevServicesOptionsInvalidError('postgres.tls', 'to be on for client certificates', 'Start with `postgres: { tls: true }`.');
    return this.#authority.issue(role);
  }

  /** The shutdown of an operator: sessions are told (57P01), the data is written; keeps port and data for `restart()`. */
  async stop(): Promise<void> {
    await this.process?.stop('SIGINT');
  }

  /** Ends the process if it runs and starts it on the same port and data. Open sessions are cut off. */
  async restart(): Promise<void> {
    await this.stop();
    await this.#launch(this.#port);
  }

  #access(user: string, password: string): PostgresAccess {
    const access = { host: HOST, port: this.#port, database: this.database, user, password };
    return this.#tls ? { ...access, caFile: this.#tls.caFile } : access;
  }

  async #prepareTls(): Promise<void> {
    this.#authority = await CertificateAuthority.create('Keyturn test authority');
    this.#tls = await issueTlsFiles(this.#authority, this.#cluster.folder);
    await own(this.#cluster.user, ...Object.values(this.#tls));
  }

  async #writeAccessRules(): Promise<void> {
    const { tls, authentication = 'scram-sha-256' } = this.#options;
    const type = tls ? 'hostssl' : 'host';
    const certificate = typeof tls === 'object' && tls.clientCertificate ? ' clientcert=verify-full' : '';
    // OpenBao's own role and the superuser log in with a password alone: only applications are asked for a certificate. `md5` is SCRAM
    // where the password is stored for it.
    const rules = `${type} all,replication postgres,keyturn_vault all md5\n${type} all all all ${authentication}${certificate}\n`;
    await writeFile(join(this.#cluster.dataFolder, 'pg_hba.conf'), rules);
  }

  async #launch(port: number): Promise<void> {
    const secrets = [this.#password, this.#vaultPassword];
    this.process = await launchPostgres(this.#supervisor, this.#cluster, { port, settings: this.#settings(), secrets });
    this.#port = port;
  }

  #settings(): readonly string[] {
    const { settings, authentication } = this.#options;
    const encryption = authentication === 'md5' ? { password_encryption: 'md5' } : {};
    return serverSettings({ ...encryption, ...settings }, this.#tls);
  }

  async #startStandby({ applyDelayMs = 0 }: { readonly applyDelayMs?: number }): Promise<void> {
    const superuser = this.superuser;
    this.#standby = await withPostgres(superuser, (client) =>
      PostgresStandby.start(this.#supervisor, { primary: this.#cluster, superuser, client, settings: this.#settings(), applyDelayMs }),
    );
  }

  async #setUp(): Promise<void> {
    const admin = { ...this.superuser, database: 'postgres' };
    await queryPostgres(admin, `CREATE ROLE keyturn_vault LOGIN SUPERUSER PASSWORD '${this.#vaultPassword}'`);
    if (this.database !== 'postgres') await queryPostgres(admin, `CREATE DATABASE ${escapeIdentifier(this.database)}`);
    for (const sql of this.#options.setup ?? []) await this.query(sql);
  }
}
