import { appRoleStatements, FaultProxy, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { token, VaultModule } from '@keyturn/vault';
import { Test, type TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { CredentialDefinition } from '../../../credentials/credential-definition.js';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import { staticRole } from '../../../credentials/roles/static-role.js';
import { DatabaseCredentials } from '../../database-credentials.js';
import { DatabaseModule } from '../../database.module.js';

const servers = inject('servers');
const admin = servers.postgres.superuser;
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
let proxy: FaultProxy;
let module: TestingModule;

beforeAll(async () => {
  await queryPostgres(admin, 'CREATE ROLE away_app');
  await queryPostgres(admin, 'CREATE ROLE away_static LOGIN');
  await openbao.provision({
    database: {
      mount: 'awaydb',
      dynamicRoles: { app: { creation_statements: appRoleStatements({ role: 'away_app' }), default_ttl: '1h' } },
      staticRoles: { fixed: { username: 'away_static', rotation_period: '24h' } },
    },
  });
});
afterAll(() => queryPostgres(admin, 'DROP ROLE away_app; DROP ROLE away_static'));

async function start(credentials: CredentialDefinition): Promise<void> {
  proxy = await FaultProxy.start({ targetPort: Number(new URL(servers.openbao.address).port) });
  const { host, port, database } = admin;
  module = await Test.createTestingModule({
    imports: [
      VaultModule.forRoot({
        address: `http://127.0.0.1:${proxy.port}`,
        auth: token(servers.openbao.token),
        http: { timeoutMs: 2_000 },
      }),
      DatabaseModule.forRoot({
        typeorm: { type: 'postgres', host, port, database, poolSize: 4 },
        credentials,
      }),
    ],
  }).compile();
  await module.init();
}
afterEach(async () => {
  await proxy.heal();
  await module.close();
  await proxy.stop();
});

describe.each([
  ['a dynamic role', dynamicRole('app', { mountPoint: 'awaydb' })],
  ['a static role', staticRole('fixed', { mountPoint: 'awaydb' })],
])('refreshNow() of %s in a loop while Vault', (_role, definition) => {
  beforeEach(() => start(definition));

  it.each([
    ['resets connections', () => proxy.reset()],
    ['hangs', async () => (await proxy.resetOpen(), proxy.hang())],
  ])('%s: reaches it once a second at the most, with a typed failure for each caller, and queries go on', async (_, away) => {
    const credentials = module.get(DatabaseCredentials);
    await away();
    const before = proxy.counters.accepted;
    const codes = new Set<unknown>();
    const untilMs = performance.now() + 6_000;
    let calls = 0;
    while (performance.now() < untilMs) {
      calls += 1;
      await credentials.refreshNow().catch((error: unknown) => codes.add((error as { code?: string }).code));
      await module.get(DataSource).query('SELECT 1');
    }
    expect(calls).toBeGreaterThan(100);
    for (const code of codes) expect(code).toMatch(/^VAULT_(UNREACHABLE|TIMEOUT)$/);
    expect(proxy.counters.accepted - before).toBeLessThanOrEqual(7);
    await proxy.heal();
    await expect
      .poll(
        () =>
          credentials.refreshNow().then(
            () => credentials.generation,
            () => 0,
          ),
        { timeout: 5_000 },
      )
      .toBe(2);
  });
});
