import type { PostgresAccess } from '../postgres/postgres-access.js';
import { provision } from '../provisioning/provision.js';
import { readAppRole, type AppRoleCredentials } from '../provisioning/provision-app-roles.js';
import type { Provisioning } from '../provisioning/provisioning.js';
import type { OpenBaoAnswer } from '../api/open-bao-answer.js';
import { OpenBaoApi, type OpenBaoAccess } from '../api/open-bao-api.js';

/** What an administrator does to a running server, whoever started it: a spec connects to the shared one with this. */
export class OpenBaoAdmin {
  readonly #access: OpenBaoAccess;
  readonly #postgres: PostgresAccess | undefined;

  /** `postgres` is the log-in that the database engine uses; needed to provision one. */
  constructor(access: OpenBaoAccess, postgres?: PostgresAccess) {
    this.#access = access;
    this.#postgres = postgres;
  }

  get address(): string {
    return this.#access.address;
  }

  get rootToken(): string {
    return this.#access.token;
  }

  get caFile(): string | undefined {
    return this.#access.caFile;
  }

  /**
   * One request as the administrator, `path` without `/v1/`.
   * @throws RequestFailedError for a status of 400 and above.
   */
  api(method: string, path: string, body?: unknown): Promise<OpenBaoAnswer> {
    return new OpenBaoApi(this.#access).call(method, path, body);
  }

  /** The same without throwing for any status. */
  ask(method: string, path: string, body?: unknown): Promise<OpenBaoAnswer> {
    return new OpenBaoApi(this.#access).ask(method, path, body);
  }

  /** The same with another token, such as an application's; throws as `api` does. */
  as(token: string): OpenBaoAdmin {
    return new OpenBaoAdmin({ ...this.#access, token }, this.#postgres);
  }

  /** The id of an AppRole and a new secret id for it. */
  approle(name = 'app'): Promise<AppRoleCredentials> {
    return readAppRole(new OpenBaoApi(this.#access), name);
  }

  /** Gives the server all that is described. */
  provision(wanted: Provisioning): Promise<void> {
    return provision(new OpenBaoApi(this.#access), wanted, this.#postgres);
  }
}
