import { Socket } from 'node:net';
import { FaultProxy, queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'denied_statement';
const connectTimeoutMS = 5_000;

beforeAll(() => queryPostgres(admin, `CREATE ROLE ${group}`));
afterAll(() => queryPostgres(admin, `DROP ROLE ${group}`));

describe('A statement that is denied, while no new connection gets an answer', () => {
  it('keeps nobody from the connections that work', async () => {
    const silence = await FaultProxy.start({ targetPort: admin.port });
    await silence.hang();
    let hangs = false;
    const stream = (): Socket => {
      const socket = new Socket();
      const connect = socket.connect.bind(socket);
      return Object.assign(socket, { connect: (port: number, host: string) => connect(hangs ? silence.port : port, host) });
    };
    await using fixture = new RotatingFixture(admin, group, { typeorm: { poolSize: 2, connectTimeoutMS, extra: { stream } } });
    await fixture.dataSource.initialize();
    await Promise.all([1, 2].map(() => fixture.dataSource.query('SELECT pg_sleep(0.05)')));
    hangs = true;
    await expect(fixture.dataSource.query('SELECT * FROM pg_authid')).rejects.toMatchObject({ code: '42501' });
    const askedAt = performance.now();
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    // The log-in that finds out about the role has no answer before.
    expect(performance.now() - askedAt).toBeLessThan(connectTimeoutMS / 2);
    hangs = false;
    await silence.stop();
  });
});
