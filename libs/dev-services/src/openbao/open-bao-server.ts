import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ServerStartFailedError } from '../errors/server-start-failed.error.js';
import type { OpenBaoProgram } from '../locate/open-bao-program.js';
import { ControlledServer } from '../process/controlled-server.js';
import { startOnFreePort } from '../process/start-on-free-port.js';
import type { Supervisor } from '../process/supervisor.js';
import { waitUntil } from '../process/wait-until.js';
import { CertificateAuthority } from '../tls/certificate-authority.js';
import { issueTlsFiles, type TlsFiles } from '../tls/issue-tls-files.js';
import { OpenBaoApi } from '../api/open-bao-api.js';
import { persistentConfiguration } from './open-bao-configuration.js';
import type { OpenBaoArguments } from './open-bao-launch.js';
import { startOpenBaoProcess } from './open-bao-process.js';
import type { OpenBaoServerOptions } from './open-bao-server.options.js';

const READY_TIMEOUT_MS = 30_000;

interface Keys {
  readonly rootToken: string;
  readonly unsealKey?: string;
}

/**
 * An OpenBao (or Vault) process: start, readiness, seal state, restart on the same port. What the server holds (engines, roles, secrets) is
 * the matter of the folder `provisioning`.
 */
export class OpenBaoServer extends ControlledServer {
  readonly #supervisor: Supervisor;
  readonly #program: OpenBaoProgram;
  readonly #folder: string;
  readonly #mode: 'dev' | 'persistent';
  #tls: TlsFiles | undefined;
  #caFile: string | undefined;
  #port = 0;
  #keys: Keys = { rootToken: `root-${randomUUID()}` };

  private constructor(start: { supervisor: Supervisor; program: OpenBaoProgram; folder: string; mode: 'dev' | 'persistent' }) {
    super();
    this.#supervisor = start.supervisor;
    this.#program = start.program;
    this.#folder = start.folder;
    this.#mode = start.mode;
  }

  static async start(supervisor: Supervisor, program: OpenBaoProgram, options: OpenBaoServerOptions = {}): Promise<OpenBaoServer> {
    const folder = join(supervisor.folder, `openbao-${randomUUID()}`);
    // Not recursive: a start that was aborted meanwhile must not bring the supervisor's folder back.
    await mkdir(folder, { mode: 0o700 });
    await mkdir(join(folder, 'data'), { mode: 0o700 });
    const mode = options.mode ?? 'dev';
    const server = new OpenBaoServer({ supervisor, program, folder, mode });
    if (options.tls) await server.#prepareTls();
    await startOnFreePort({ neighbours: 1, ...(options.port === undefined ? {} : { port: options.port }) }, (port) => server.#launch(port));
    await server.#makeReady();
    return server;
  }

  get address(): string {
    return `${this.#caFile ? 'https' : 'http'}://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  get rootToken(): string {
    return this.#keys.rootToken;
  }

  /** PEM file of the authority behind the server's certificate; undefined without TLS. A dev server makes a new one at each start. */
  get caFile(): string | undefined {
    return this.#caFile;
  }

  /** Which program serves, in words. */
  get source(): string {
    return this.#program.source;
  }

  /** The administrator's calls; straight to the server, past any fault proxy. */
  get api(): OpenBaoApi {
    const { address, rootToken: token, caFile } = this;
    return new OpenBaoApi(caFile ? { address, token, caFile } : { address, token });
  }

  async stop(): Promise<void> {
    await this.process?.stop();
  }

  /**
   * Ends the process if it runs and starts it on the same port. A persistent server comes back with its data, unsealed unless
   * `unseal: false`; a dev server comes back empty with the same root token.
   */
  async restart({ unseal = true }: { unseal?: boolean } = {}): Promise<void> {
    await this.stop();
    await this.#launch(this.#port);
    if (this.#mode === 'dev') await this.#awaitStatus(200);
    else if (unseal) await this.unseal();
    else await this.#awaitStatus(503);
  }

  async seal(): Promise<void> {
    await this.api.call('PUT', 'sys/seal');
  }

  /** Unseals and waits until the server is active. */
  async unseal(): Promise<void> {
    await waitUntil(async () => [200, 503].includes(await this.#status()), READY_TIMEOUT_MS);
    await this.api.call('PUT', 'sys/unseal', { key: this.#keys.unsealKey });
    await this.#awaitStatus(200);
  }

  /** A dev server makes its own authority; a persistent one gets a certificate that outlives its restarts. */
  async #prepareTls(): Promise<void> {
    const folder = join(this.#folder, 'tls');
    await mkdir(folder);
    if (this.#mode === 'persistent') this.#tls = await issueTlsFiles(await CertificateAuthority.create('Keyturn test authority'), folder);
    this.#caFile = this.#tls?.caFile ?? join(folder, 'vault-ca.pem');
  }

  async #launch(port: number): Promise<void> {
    const { rootToken, unsealKey = '' } = this.#keys;
    const start = { supervisor: this.#supervisor, program: this.#program, port, secrets: [rootToken, unsealKey] };
    this.process = await startOpenBaoProcess(
      start,
      this.#mode === 'dev' ? this.#devArguments(port) : await this.#persistentArguments(port),
    );
    this.#port = port;
  }

  #devArguments(port: number): OpenBaoArguments {
    const tls = this.#caFile ? ['-dev-tls', `-dev-tls-cert-dir=${dirname(this.#caFile)}`] : [];
    const { rootToken } = this.#keys;
    return {
      args: ['-dev', '-dev-no-store-token', `-dev-listen-address=127.0.0.1:${port}`, ...tls],
      env: { BAO_DEV_ROOT_TOKEN_ID: rootToken, VAULT_DEV_ROOT_TOKEN_ID: rootToken },
      folder: this.#folder,
    };
  }

  async #persistentArguments(port: number): Promise<OpenBaoArguments> {
    const file = join(this.#folder, 'server.hcl');
    await writeFile(file, persistentConfiguration({ folder: this.#folder, port, ...(this.#tls ? { tls: this.#tls } : {}) }));
    return { args: [`-config=${file}`], env: {}, folder: this.#folder };
  }

  async #makeReady(): Promise<void> {
    if (this.#mode === 'persistent') {
      await this.#awaitStatus(501);
      const { body } = await this.api.call('PUT', 'sys/init', { secret_shares: 1, secret_threshold: 1 });
      const { keys_base64: keys } = body;
      this.#keys = { rootToken: String(body['root_token']), unsealKey: Array.isArray(keys) ? String(keys[0]) : '' };
      await this.unseal();
    } else await this.#awaitStatus(200);
  }

  async #status(): Promise<number> {
    return (await this.api.ask('GET', 'sys/health')).status;
  }

  async #awaitStatus(wanted: number): Promise<void> {
    if (await waitUntil(async () => (await this.#status()) === wanted, READY_TIMEOUT_MS)) return;
    const reason = `its health did not become ${wanted} within ${READY_TIMEOUT_MS / 1000} s`;
    const lastOutput = this.process?.output.lastLines() ?? '';
    throw new ServerStartFailedError({ server: 'OpenBao', reason, remedy: 'See its last output.', lastOutput });
  }
}
