import { connect, createServer, type Server } from 'node:net';
import { DevServices, queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'two_servers';
let second: DevServices;
let balancer: Server;

beforeAll(async () => {
  second = await DevServices.start({ postgres: {} });
  await queryPostgres(admin, `CREATE ROLE ${group}`);
  const ports = [admin.port, second.postgres.superuser.port];
  let connections = 0;
  balancer = createServer((client) => {
    const server = connect(ports[connections % 2]!, '127.0.0.1');
    connections += 1;
    client.pipe(server).pipe(client);
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  balancer.close();
  await second.stop();
  await queryPostgres(admin, `DROP ROLE ${group}`);
});

describe('Two servers behind one name, of which one does not know the issued users', () => {
  it('are given three users and no more, and the one that does serves', async () => {
    const { port } = balancer.address() as { port: number };
    await using fixture = new RotatingFixture(admin, group, { rotation: { drainMs: 1_000 }, typeorm: { port, extra: { maxUses: 5 } } });
    await fixture.dataSource.initialize();
    const stopped = new AbortController();
    let served = 0;
    const work = async (): Promise<void> => {
      while (!stopped.signal.aborted) {
        await fixture.dataSource.query('SELECT 1').then(
          () => (served += 1),
          () => undefined,
        );
      }
    };
    const workers = Array.from({ length: 8 }, work);
    expect(await fixture.event('rotationFailed')).toMatchObject({ reason: 'login-rejected', code: 'DATABASE_MINT_BUDGET_EXHAUSTED' });
    const before = served;
    await expect.poll(() => served, { timeout: 10_000 }).toBeGreaterThan(before + 20);
    stopped.abort();
    await Promise.all(workers);
    expect(fixture.source.issued).toHaveLength(3);
  });
});
