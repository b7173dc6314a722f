import { DevServices, appRoleStatements, type AppRoleDefinition, type PostgresServerOptions } from '@keyturn/dev-services';
import { databaseRoleStatements } from '../../src/database/database-roles.js';
import { Program } from './program.js';
import { SecretLedger, type Leak } from './secret-ledger.js';
import { Wiretap } from './wiretap.js';

/** What differs between the specs. */
export interface GrimoireServicesOptions {
  /** TTL of the dynamic role, which is also its max TTL: each user is replaced before it. Default `1h`. */
  readonly dynamicTtl?: string;
  /** Rotation period of the static role. Default `1h`; at least `5s`. */
  readonly staticPeriod?: string;
  /** Settings of the application's AppRole. */
  readonly appRole?: AppRoleDefinition;
  readonly postgres?: PostgresServerOptions;
}

/** A running application and where it answers. */
export interface RunningGrimoire extends AsyncDisposable {
  readonly program: Program;
  readonly url: string;
}

/**
 * OpenBao over TLS, PostgreSQL with the schema of the application, and the application on both. The output of every program is kept, and so
 * is every secret that went over the wire to OpenBao.
 */
export class GrimoireServices {
  readonly services: DevServices;
  readonly wiretap: Wiretap;
  readonly ledger: SecretLedger;
  readonly #programs: Program[] = [];

  private constructor(services: DevServices, wiretap: Wiretap, ledger: SecretLedger) {
    this.services = services;
    this.wiretap = wiretap;
    this.ledger = ledger;
  }

  static async start(options: GrimoireServicesOptions = {}): Promise<GrimoireServices> {
    const { dynamicTtl = '1h', staticPeriod = '1h', appRole = {}, postgres = {} } = options;
    const services = await DevServices.start({
      openbao: {
        tls: true,
        faults: true,
        approle: { grimoire: appRole, 'grimoire-migrations': {} },
        database: {
          dynamicRoles: {
            'grimoire-reader': dynamicRole('grimoire_reader', dynamicTtl),
            'grimoire-owner': dynamicRole('grimoire_owner', '1h'),
          },
          staticRoles: { 'grimoire-app': { username: 'grimoire-app', rotation_period: staticPeriod } },
        },
      },
      postgres: { database: 'grimoire', tls: true, setup: databaseRoleStatements, ...postgres },
    });
    const ledger = new SecretLedger();
    for (const secret of [services.openbao.rootToken, services.postgres.superuser.password, services.postgres.vaultAccess.password]) {
      ledger.add(secret);
    }
    const { address, caFile = '' } = services.openbao;
    const grimoire = new GrimoireServices(services, await Wiretap.start(address, caFile, ledger), ledger);
    await grimoire.#migrate();
    return grimoire;
  }

  /** The environment of an application that logs in with a secret id of its own and takes any free port. */
  async environment(approle = 'grimoire'): Promise<Record<string, string>> {
    const environment = await this.services.environment({ approle });
    for (const name of ['VAULT_ROLE_ID', 'VAULT_SECRET_ID'] as const) this.ledger.add(environment[name] ?? '');
    return { ...environment, VAULT_ADDR: this.wiretap.address, HOST: '127.0.0.1', PORT: '0' };
  }

  /** Starts a built entry point, whatever becomes of it. */
  run(entry: 'main.js' | 'migrate.js', environment: Readonly<Record<string, string>>): Program {
    const program = new Program(entry, environment);
    this.#programs.push(program);
    return program;
  }

  /** Starts the application and waits until it answers; `await using` ends it. */
  async launch(overrides: Readonly<Record<string, string>> = {}): Promise<RunningGrimoire> {
    const program = this.run('main.js', { ...(await this.environment()), ...overrides });
    const [, url = ''] = await program.logged(/answers at (http:\S+?),/);
    return { program, url, [Symbol.asyncDispose]: async () => void (await program.end('SIGKILL')) };
  }

  /** Users of Vault's making that PostgreSQL knows. */
  async mintedUsers(): Promise<string[]> {
    const rows = await this.services.postgres.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'v-%' ORDER BY rolname");
    return rows.map(({ rolname }) => String(rolname));
  }

  /** Ids of the leases of a dynamic role that OpenBao keeps. */
  async leases(role = 'grimoire-reader'): Promise<unknown[]> {
    const { data } = await this.services.openbao.ask('GET', `sys/leases/lookup/database/creds/${role}?list=true`);
    return Array.isArray(data['keys']) ? data['keys'] : [];
  }

  /** Where any program has printed a secret. */
  leaks(): Leak[] {
    return this.#programs.flatMap((program, index) => this.ledger.search(`program ${index + 1}`, program.output));
  }

  /** Characters that were searched for secrets. */
  get printed(): number {
    return this.#programs.reduce((sum, { output }) => sum + output.length, 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.end('SIGKILL')));
    await this.wiretap.stop();
    await this.services.stop();
  }

  async #migrate(): Promise<void> {
    const program = this.run('migrate.js', await this.environment('grimoire-migrations'));
    const { code } = await program.exited;
    if (code !== 0) throw new Error(`The migration ended with ${code}. It printed:\n${program.output}`);
  }
}

function dynamicRole(group: string, ttl: string): { creation_statements: string[]; default_ttl: string; max_ttl: string } {
  return { creation_statements: appRoleStatements({ role: group }), default_ttl: ttl, max_ttl: ttl };
}
