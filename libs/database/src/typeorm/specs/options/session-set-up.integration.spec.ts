import { queryPostgres } from '@keyturn/dev-services';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture, type RotatingFixtureOptions } from '../../rotating-data-source.fixture.js';
import { SilentProxy } from '../outage/silent-proxy.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'set_up';
const connectTimeoutMS = 1_000;
/** Long enough to be seen running. */
const setUp = 'SELECT pg_sleep(0.3) /* set-up */';
const sleeps = (client: Client): Promise<unknown> => client.query(setUp);

beforeAll(async () => {
  await queryPostgres(admin, `CREATE ROLE ${group}`);
});
afterAll(async () => {
  await queryPostgres(admin, `DROP ROLE ${group}`);
});

function build(onConnect: (client: Client) => unknown, typeorm: RotatingFixtureOptions['typeorm'] = {}): RotatingFixture {
  return new RotatingFixture(admin, group, { typeorm: { connectTimeoutMS, ...typeorm, extra: { onConnect } } });
}

/** Silences the newest connection as soon as the server runs the set-up on it. */
async function silenceSetUp(proxy: SilentProxy): Promise<void> {
  const running = `SELECT 1 FROM pg_stat_activity WHERE query = '${setUp}' AND state = 'active'`;
  await expect.poll(() => queryPostgres(admin, running), { interval: 10 }).toHaveLength(1);
  proxy.silence(proxy.accepted);
}

describe('A connection that falls silent while extra.onConnect sets it up', () => {
  it('fails one try of a rotation, and the next one succeeds', async () => {
    await using proxy = await SilentProxy.start(admin.port);
    await using fixture = build(sleeps, { port: proxy.port });
    await fixture.dataSource.initialize();
    const rotation = fixture.controller.refreshNow().catch((error: unknown) => error);
    await silenceSetUp(proxy);
    expect(await rotation).toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    await fixture.controller.refreshNow();
    expect(fixture.controller.snapshot().pools[0]).toMatchObject({ generation: 3, inUse: 0, connections: 1 });
  });

  it('fails the start with a typed error', async () => {
    await using proxy = await SilentProxy.start(admin.port);
    await using fixture = build(sleeps, { port: proxy.port });
    const start = fixture.dataSource.initialize().catch((error: unknown) => error);
    await silenceSetUp(proxy);
    expect(await start).toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
  });

  it('keeps no caller and no place in the pool: the caller gets another connection', async () => {
    await using proxy = await SilentProxy.start(admin.port);
    await using fixture = build(sleeps, { port: proxy.port, poolSize: 2, connectTimeoutMS: 3_000 });
    await fixture.dataSource.initialize();
    const held = fixture.dataSource.createQueryRunner();
    await held.query('SELECT 1');
    const opened = proxy.accepted;
    const answer = fixture.dataSource.query('SELECT 1 AS one');
    await silenceSetUp(proxy);
    await held.release();
    expect(await answer).toEqual([{ one: 1 }]);
    expect(proxy.accepted).toBe(opened + 1);
    await expect.poll(() => fixture.controller.snapshot().pools[0]).toMatchObject({ inUse: 0, waiting: 0, connections: 1 });
  });
});

describe('extra.onConnect', () => {
  it.each([
    ['never ends, on a connection that works', () => new Promise(() => undefined)],
    ['takes a broken connection for a good one', (client: Client) => client.query('SELECT pg_sleep(30)').catch(() => undefined)],
  ])('is over with its connection at the connect time-out when it %s', async (_, onConnect) => {
    await using fixture = build(onConnect);
    await expect(fixture.dataSource.initialize()).rejects.toMatchObject({
      code: 'DATABASE_SERVER_UNREACHABLE',
      reason: 'connection closed or timed out',
    });
    await expect.poll(() => fixture.source.liveRoles()).toEqual([]);
  });

  it('fails the start with its own error', async () => {
    await using fixture = build(() => Promise.reject(new Error('no such schema')));
    await expect(fixture.dataSource.initialize()).rejects.toThrow('no such schema');
  });

  it('sets up each connection of each generation, where it answers in time', async () => {
    await using fixture = build((client) => client.query("SET application_name TO 'set-up'"));
    await fixture.dataSource.initialize();
    for (let rotation = 0; rotation < 2; rotation += 1) {
      await fixture.controller.refreshNow();
      expect(await fixture.dataSource.query('SHOW application_name')).toEqual([{ application_name: 'set-up' }]);
    }
  });
});
