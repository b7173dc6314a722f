import type { DevServices } from '@keyturn/dev-services';
import pg from 'pg';
import { BareVault, type BareCredentials } from '../support/bare-vault.js';

/**
 * What no rotation can do without, with nothing around it: other credentials from Vault, as many connections on them as there were before,
 * opened one after the other, the end of the old ones, and the revocation. Beside a load it shows the floor of a rotation on this machine.
 */
export class BareTurnover implements AsyncDisposable {
  readonly #services: DevServices;
  readonly #vault: BareVault;
  readonly #connections: number;
  #open: readonly pg.Client[] = [];
  #credentials: BareCredentials | undefined;

  static async start(services: DevServices, connections: number): Promise<BareTurnover> {
    const { openbao } = services;
    const turnover = new BareTurnover(services, await BareVault.login(openbao.address, await openbao.approle('bench')), connections);
    await turnover.turn();
    return turnover;
  }

  private constructor(services: DevServices, vault: BareVault, connections: number) {
    this.#services = services;
    this.#vault = vault;
    this.#connections = connections;
  }

  async turn(): Promise<void> {
    const { host, port, database } = this.#services.postgres;
    const next = await this.#vault.credentials('bench');
    const opened: pg.Client[] = [];
    while (opened.length < this.#connections) {
      const client = new pg.Client({ host, port, database, user: next.username, password: next.password });
      await client.connect();
      await client.query('SELECT 1');
      opened.push(client);
    }
    const [clients, credentials] = [this.#open, this.#credentials];
    this.#open = opened;
    this.#credentials = next;
    await this.#give(clients, credentials);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#give(this.#open, this.#credentials);
  }

  async #give(clients: readonly pg.Client[], credentials: BareCredentials | undefined): Promise<void> {
    await Promise.all(clients.map((client) => client.end()));
    if (credentials !== undefined) await this.#vault.revoke(credentials);
  }
}
