import type { DevServicesOptions } from './dev-services.options.js';
import type { OpenBaoOptions } from './openbao/open-bao.options.js';
import { DevServicesOptionsInvalidError } from './errors/dev-services-options-invalid.error.js';
import { FaultProxy } from './faults/fault-proxy.js';
import { Faults } from './faults/faults.js';
import type { OpenBaoServer } from './openbao/open-bao-server.js';
import { OpenBaoService } from './openbao/open-bao-service.js';
import { startOpenBao, type StartedOpenBao } from './openbao/start-open-bao.js';
import { PostgresServer } from './postgres/postgres-server.js';
import { Supervisor } from './process/supervisor.js';
import { appRolesOf } from './provisioning/provision.js';

interface Started {
  readonly openbao: OpenBaoService | undefined;
  readonly postgres: PostgresServer | undefined;
  readonly faults: Faults;
  readonly appRole: string | undefined;
}

/**
 * Real servers for development and tests: OpenBao (or Vault) and PostgreSQL. They are started, provisioned and breakable. They end with
 * `stop()`. If this process ends before, in whatever way, a supervisor process ends them.
 *
 * This file decides the order: servers first, proxies before them, then what the servers are given. How a server is found, started or
 * provisioned is decided in the folders.
 */
export class DevServices implements AsyncDisposable {
  /** Break the wire between clients and servers. */
  readonly faults: Faults;
  readonly #supervisor: Supervisor;
  readonly #started: Started;

  private constructor(supervisor: Supervisor, started: Started) {
    this.#supervisor = supervisor;
    this.#started = started;
    this.faults = started.faults;
  }

  /**
   * Starts what the options ask for and resolves when all of it is ready and provisioned.
   * @throws DevServicesError: ServerNotFoundError, ServerStartFailedError, PortInUseError, RequestFailedError (provisioning) or
   * DevServicesOptionsInvalidError; nothing is left running then.
   */
  static async start(options: DevServicesOptions): Promise<DevServices> {
    options.signal?.throwIfAborted();
    const supervisor = await Supervisor.start();
    const abort = (): void => void supervisor.stop();
    options.signal?.addEventListener('abort', abort);
    try {
      options.signal?.throwIfAborted();
      return new DevServices(supervisor, await startAll(supervisor, options));
    } catch (error) {
      await supervisor.stop();
      options.signal?.throwIfAborted();
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
  }

  /** @throws DevServicesOptionsInvalidError unless it was asked for. */
  get openbao(): OpenBaoService {
    return this.#started.openbao ?? notAskedFor('openbao');
  }

  /** @throws DevServicesOptionsInvalidError unless it was asked for. */
  get postgres(): PostgresServer {
    return this.#started.postgres ?? notAskedFor('postgres');
  }

  /**
   * The VAULT_* and DB_* variables that an application is started with: a log-in by AppRole (`approle`, or the first one provisioned) with
   * a new secret id, or else the root token.
   */
  async environment({ approle = this.#started.appRole }: { readonly approle?: string | undefined } = {}): Promise<Record<string, string>> {
    const { openbao, postgres } = this.#started;
    return { ...(openbao ? await vaultVariables(openbao, approle) : {}), ...(postgres ? databaseVariables(postgres) : {}) };
  }

  /** Stops every server and proxy and removes their folder. Idempotent. */
  async stop(): Promise<void> {
    await Promise.all([this.faults.stop(), this.#supervisor.stop()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

async function startAll(supervisor: Supervisor, options: DevServicesOptions): Promise<Started> {
  const openbaoOptions: OpenBaoOptions | undefined = options.openbao === true ? {} : options.openbao || undefined;
  const postgresOptions = options.postgres === true ? {} : options.postgres || undefined;
  const [openbao, postgres] = await settleAll(
    openbaoOptions && startOpenBao(supervisor, openbaoOptions, options.signal),
    postgresOptions && PostgresServer.start(supervisor, postgresOptions),
  );
  const faults = await startProxies(
    openbaoOptions?.faults === false ? undefined : openbao?.server,
    postgresOptions?.faults ? postgres : undefined,
  );
  try {
    const service = openbao && openBaoService(openbao, { faults, postgres });
    if (openbaoOptions) await service?.provision(openbaoOptions);
    return { openbao: service, postgres, faults, appRole: Object.keys(appRolesOf(openbaoOptions?.approle) ?? {})[0] };
  } catch (error) {
    await faults.stop();
    throw error;
  }
}

/** Comes after the servers: a proxy lives in this process and would be left over if one of them failed to start. */
async function startProxies(openbao: OpenBaoServer | undefined, postgres: PostgresServer | undefined): Promise<Faults> {
  const [openbaoProxy, postgresProxy] = await settleAll(
    openbao && FaultProxy.start({ targetPort: openbao.port }),
    postgres && FaultProxy.start({ targetPort: postgres.port }),
  );
  if (postgresProxy) postgres?.setProxy(postgresProxy);
  return new Faults({ openbao: openbaoProxy, postgres: postgresProxy });
}

/** Waits for both before the first failure is thrown, so that nothing still starts while the supervisor stops. */
async function settleAll<A, B>(first: Promise<A> | undefined, second: Promise<B> | undefined): Promise<[A | undefined, B | undefined]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

function openBaoService(
  { access, server }: StartedOpenBao,
  { faults, postgres }: { faults: Faults; postgres: PostgresServer | undefined },
): OpenBaoService {
  const proxy = faults.hasOpenBao ? { proxy: faults.openbao } : {};
  return new OpenBaoService(access, { ...proxy, ...(server ? { server } : {}), ...(postgres ? { postgres: postgres.vaultAccess } : {}) });
}

async function vaultVariables(openbao: OpenBaoService, approle: string | undefined): Promise<Record<string, string>> {
  const where: Record<string, string> = { VAULT_ADDR: openbao.address, ...(openbao.caFile ? { VAULT_CACERT: openbao.caFile } : {}) };
  if (approle === undefined) return { ...where, VAULT_AUTH_METHOD: 'token', VAULT_TOKEN: openbao.rootToken };
  const { roleId, secretId } = await openbao.approle(approle);
  return { ...where, VAULT_AUTH_METHOD: 'approle', VAULT_ROLE_ID: roleId, VAULT_SECRET_ID: secretId };
}

function databaseVariables({ host, port, database, caFile }: PostgresServer): Record<string, string> {
  return { DB_HOST: host, DB_PORT: String(port), DB_NAME: database, ...(caFile ? { DB_CACERT: caFile } : {}) };
}

function notAskedFor(option: string): never {
  throw new DevServicesOptionsInvalidError(option, `to be given for services.${option}`, `Start with \`${option}: true\`.`);
}
