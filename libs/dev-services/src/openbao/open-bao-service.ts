import { DevServicesOptionsInvalidError } from '../errors/dev-services-options-invalid.error.js';
import type { FaultProxy } from '../faults/fault-proxy.js';
import type { PostgresAccess } from '../postgres/postgres-access.js';
import { OpenBaoAdmin } from './open-bao-admin.js';
import type { OpenBaoAccess } from '../api/open-bao-api.js';
import type { OpenBaoServer } from './open-bao-server.js';

/** What stands behind the service: a process that was started here, or nothing when the server is somebody else's. */
export interface OpenBaoBackground {
  readonly server?: OpenBaoServer;
  readonly proxy?: FaultProxy;
  readonly postgres?: PostgresAccess;
}

/** The OpenBao of running services: its address for applications, the administrator's calls, and control over its process. */
export class OpenBaoService extends OpenBaoAdmin {
  readonly #server: OpenBaoServer | undefined;
  readonly #proxy: FaultProxy | undefined;

  constructor(access: OpenBaoAccess, { server, proxy, postgres }: OpenBaoBackground = {}) {
    super(access, postgres);
    this.#server = server;
    this.#proxy = proxy;
  }

  /** For applications: through the fault proxy when there is one. */
  override get address(): string {
    return this.#proxy ? super.address.replace(/:\d+$/, `:${this.#proxy.port}`) : super.address;
  }

  /** The server itself; the administrator's calls go there, past any fault. */
  get directAddress(): string {
    return super.address;
  }

  /** Which program serves, in words. */
  get source(): string {
    return this.#server?.source ?? 'an external server';
  }

  /** Of the server's process; undefined while none runs here. */
  get pid(): number | undefined {
    return this.#server?.pid;
  }

  /** SIGKILL. */
  kill(): Promise<void> {
    return this.#own.kill();
  }

  /** SIGSTOP: connections are accepted by the kernel and nothing answers. */
  suspend(): Promise<void> {
    return this.#own.suspend();
  }

  /** SIGCONT. */
  resume(): Promise<void> {
    return this.#own.resume();
  }

  /** Ends the process in good order, keeping the port and data for `restart()`. */
  stop(): Promise<void> {
    return this.#own.stop();
  }

  /**
   * Ends the process if it runs and starts it on the same port. In `persistent` mode it comes back with its data, unsealed unless
   * `unseal: false`; in `dev` mode it comes back empty, with the same root token.
   */
  restart(options: { readonly unseal?: boolean } = {}): Promise<void> {
    return this.#own.restart(options);
  }

  /** Only in `persistent` mode can it be unsealed again. */
  seal(): Promise<void> {
    return this.#own.seal();
  }

  /** Unseals and waits until the server is active. */
  unseal(): Promise<void> {
    return this.#own.unseal();
  }

  get #own(): OpenBaoServer {
    if (!this.#server)
      throw new DevServicesOptionsInvalidError(
        'openbao.external',
        'to be absent for control over the process',
        'Let DevServices start the server.',
      );
    return this.#server;
  }
}
