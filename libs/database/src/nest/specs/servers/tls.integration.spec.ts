import { DevServices, queryPostgres, type PostgresAccess } from '@keyturn/dev-services';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SqlRoleSource } from '../../../credentials/sql-role-source.fixture.js';
import { DatabaseApplication } from '../../database-application.fixture.js';

const servers = inject('servers');
const group = 'tls_group';
/** How the server sees the sessions of a user: over TLS, and with the certificate of which client. */
const sessions = 'SELECT DISTINCT ssl, client_dn FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = $1';

let services: DevServices;
let secured: PostgresAccess;
let ca: string;
let foreignCa: string;

beforeAll(async () => {
  const [own, foreign] = await Promise.all([1, 2].map(() => DevServices.start({ postgres: { tls: true } })));
  services = own!;
  secured = services.postgres.superuser;
  ca = readFileSync(services.postgres.caFile!, 'utf8');
  foreignCa = readFileSync(foreign!.postgres.caFile!, 'utf8');
  await foreign!.stop();
  await Promise.all([secured, servers.postgres.superuser].map((admin) => queryPostgres(admin, `CREATE ROLE ${group}`)));
});
afterAll(async () => {
  await services.stop();
  await queryPostgres(servers.postgres.superuser, `DROP ROLE ${group}`);
});

function start(source: SqlRoleSource, superuser: PostgresAccess, ssl: object | undefined): Promise<DatabaseApplication> {
  return DatabaseApplication.start({
    servers: { openbao: servers.openbao, postgres: { superuser } },
    credentials: { name: source.name, connect: () => source },
    typeorm: ssl === undefined ? {} : { ssl },
  });
}

describe('A data source over TLS', () => {
  it('rotates under load without a failed query, and shows its client certificate in each generation', async () => {
    const source = new SqlRoleSource({ admin: secured, group });
    const { certificate: cert, privateKey: key } = await services.postgres.clientCertificate('grimoire');
    await using application = await start(source, secured, { ca, cert, key });
    const rotations = (async () => {
      for (let rotation = 1; rotation <= 3; rotation += 1) {
        await application.credentials.refreshNow();
        const { username } = application.credentials.snapshot();
        expect(await queryPostgres(secured, sessions, [username])).toEqual([{ ssl: true, client_dn: '/CN=grimoire' }]);
      }
    })();
    expect(await application.failuresUntil(rotations)).toEqual([]);
    expect(application.credentials.snapshot()).toMatchObject({ rotations: 3, failures: 0 });
  });

  it.each([
    ['whose authority is not the one that signed', () => ({ admin: secured, ssl: { ca: foreignCa } })],
    ['whose server has another name', () => ({ admin: secured, ssl: { ca, servername: 'elsewhere.internal' } })],
    ['whose server speaks none', () => ({ admin: servers.postgres.superuser, ssl: { ca } })],
  ])('%s does not start, says so at once and asks for credentials once', async (_, setUp) => {
    const { admin, ssl } = setUp();
    const source = new SqlRoleSource({ admin, group });
    const startedAt = performance.now();
    const failure: unknown = await start(source, admin, ssl).catch((error: unknown) => error);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(failure).toMatchObject({ code: 'DATABASE_CONFIGURATION_INVALID', setting: 'typeorm.ssl' });
    expect(source.issued).toHaveLength(1);
    expect(await source.liveRoles()).toEqual([]);
  });

  it('that is not configured for it, although the server insists, does not start and names the option among the remedies', async () => {
    const source = new SqlRoleSource({ admin: secured, group });
    const failure: unknown = await start(source, secured, undefined).catch((error: unknown) => error);
    const remedy: unknown = expect.stringContaining('typeorm.ssl');
    expect(failure).toMatchObject({ code: 'DATABASE_LOGIN_REJECTED', reason: '28000', remedy });
    expect(source.issued).toHaveLength(1);
  });
});
